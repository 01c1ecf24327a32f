import { type CommonOptions, commonFlags, readArgs, stackNamed } from "./commonOptions.ts";
import { UsageError } from "./usageError.ts";

const verbs = ["status", "pause", "resume", "promote", "abort", "history"] as const;
export type Verb = (typeof verbs)[number];

export interface ReleaseOptions extends CommonOptions {
  verb: Verb;
  /** Answer in JSON instead of words. */
  json: boolean;
}

export const releaseHelp = `Looks after a release, from another terminal than the one in which pulumi up runs.

  npm run release -- STACK COMMAND [options]

  status           what is live, what is on its way, how far it is, and who runs it
  pause            hold the release where it is; ECS undoes it when its own pause times out
  resume           take the hold off
  promote          let the release pass the checkpoint that it waits at, now
  abort            have the release undone, now
  history          the last promotions: who, when, from and to, figures, verdict

  --service NAME   one service                       (default: the only one; status and history: all)
  --json           for machines
  --cwd DIR        the project's folder              (default: this one, or else this program's own)
  --help           this text

The state is read, never changed. Exit code 0: done, or there was nothing to tell; 1: it could not be done; 2: wrong usage.
`;

/** @throws UsageError that names the part, its value and what is allowed. */
export function readReleaseOptions(args: string[]): ReleaseOptions | "help" {
  const { values, positionals } = readArgs(args, {
    ...commonFlags,
    json: { type: "boolean", default: false },
  });
  if (values.help) return "help";
  const [stack, word, ...rest] = positionals;
  const named = stackNamed(stack);
  const verb = verbs.find((known) => known === word);
  if (!verb) {
    const found = word === undefined ? "A command is missing" : `${word} is not a command`;
    throw new UsageError(`${found}; there are ${verbs.join(", ")}.`);
  }
  if (rest.length > 0) throw new UsageError(`${rest.join(" ")}: nothing comes after ${verb}.`);
  const { service, cwd, json } = values;
  return { stack: named, verb, service, cwd, json };
}
