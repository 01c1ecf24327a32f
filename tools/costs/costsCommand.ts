import { readArgs, stackNamed } from "../../operate/commonOptions.ts";
import { projectFolder } from "../../operate/projectFolder.ts";
import type { Script } from "../../operate/runScript.ts";
import { UsageError } from "../../operate/usageError.ts";
import { renderCosts } from "./renderCosts.ts";
import { readPlan } from "./stackPlan.ts";

const help = `Says what a stack costs a month at list prices, and what it would cost on the other targets, idle and busy.

  npm run costs -- STACK

  --help           this text

It reads Pulumi.STACK.yaml alone: no login, no account, no stack that exists. Exit code 0: said; 1: it could not be said;
2: wrong usage.
`;

/** `npm run costs`. */
export const costsCommand: Script = async (args, { print, cwd, env }) => {
  const { values, positionals } = readArgs(args, {
    help: { type: "boolean", default: false, short: "h" },
  });
  if (values.help) {
    print(help.trimEnd());
    return 0;
  }
  const [stack, ...rest] = positionals;
  const named = stackNamed(stack);
  if (rest.length > 0) throw new UsageError(`${rest.join(" ")}: only the stack is named.`);
  print(renderCosts(readPlan(projectFolder(undefined, cwd), named, env)));
  return 0;
};
