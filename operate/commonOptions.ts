import { type ParseArgsConfig, parseArgs } from "node:util";
import { messageOf } from "../provider/messageOf.ts";
import { UsageError } from "./usageError.ts";

/** What both commands are told. */
export interface CommonOptions {
  stack: string;
  /** Undefined: not said. */
  service: string | undefined;
  /** Folder of the project; undefined: the present one, or the one that this program is part of. */
  cwd: string | undefined;
}

/** The options that {@link CommonOptions} come from. */
export const commonFlags = {
  service: { type: "string" },
  cwd: { type: "string" },
  help: { type: "boolean", default: false, short: "h" },
} as const satisfies ParseArgsConfig["options"];

/**
 * Node's own reading of a command line.
 *
 * @throws UsageError in its words.
 */
export function readArgs<const Options extends NonNullable<ParseArgsConfig["options"]>>(
  args: string[],
  options: Options,
) {
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

/** @throws UsageError when the name is missing, or can't be one. */
export function stackNamed(name: string | undefined): string {
  if (name === undefined || name === "") throw new UsageError("Which stack? Name it first.");
  // Pulumi would read it as an option of its own.
  if (name.startsWith("-")) throw new UsageError(`${name} is not the name of a stack.`);
  return name;
}
