import { type CommonOptions, commonFlags, readArgs, stackNamed } from "./commonOptions.ts";
import { UsageError } from "./usageError.ts";

export interface RollbackOptions extends CommonOptions {
  /** Release to go back to; undefined: the one before what is live. */
  to: string | undefined;
  /** Run `pulumi up` too, with these arguments; undefined: don't. */
  up: string[] | undefined;
}

export const rollbackHelp = `Goes back to an earlier release, and stays there until it is told otherwise.

  npm run rollback -- STACK [options] [-- OPTIONS OF PULUMI UP]

What is on its way is undone at once, and what is live is pinned. With nothing on its way, the release that was live
before is pinned: pulumi up brings it back, through the same gate and bake as every release.

  --to RELEASE     a recorded release                (default: the one that was live before)
  --up             run pulumi up as well; what follows -- goes to it, such as -- --yes --policy-pack policy
  --service NAME   the service                       (default: the only one)
  --cwd DIR        the project's folder              (default: this one, or else this program's own)
  --help           this text

Doing it twice changes nothing more. Exit code 0: done; 1: it could not be done; 2: wrong usage; with --up: pulumi's own.
`;

/** @throws UsageError that names the part, its value and what is allowed. */
export function readRollbackOptions(args: string[]): RollbackOptions | "help" {
  const end = args.indexOf("--");
  const [own, passedOn] = end < 0 ? [args, []] : [args.slice(0, end), args.slice(end + 1)];
  const { values, positionals } = readArgs(own, {
    ...commonFlags,
    to: { type: "string" },
    up: { type: "boolean", default: false },
  });
  if (values.help) return "help";
  const [stack, ...rest] = positionals;
  const named = stackNamed(stack);
  if (rest.length > 0) {
    throw new UsageError(`${rest.join(" ")}: only the stack is named; a release by --to.`);
  }
  if (passedOn.length > 0 && !values.up) {
    throw new UsageError(
      `${passedOn.join(" ")}: without --up there is no pulumi up to pass it on to.`,
    );
  }
  const { service, cwd, to, up } = values;
  return { stack: named, service, cwd, to, up: up ? passedOn : undefined };
}
