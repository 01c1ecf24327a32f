import { type NpmCommand, readNpmCommand } from "./npmCommands.ts";
import { execForm, type Instruction } from "./parseDockerfile.ts";
import { type PipCommand, readPipInstall } from "./pipInstalls.ts";

/** What a RUN does, command by command; paths as they are written. */
export type RunCommand =
  /** `python -m venv` */
  | { kind: "venv"; directory: string }
  /** For the commands that follow. */
  | { kind: "cd"; directory: string }
  | PipCommand
  | NpmCommand
  | { kind: "other"; text: string };

/** Reads a RUN in shell form, in exec form or with a here-document. */
export function readRunCommands(run: Pick<Instruction, "content" | "words">): RunCommand[] {
  const commands: RunCommand[] = [];
  let activated: string | undefined;
  for (const words of commandsOf(run)) {
    const first = words.findIndex((word) => !isAssignment(word));
    if (first < 0) continue;
    const [program = "", ...args] = words.slice(first);
    if ((program === "." || program === "source") && args[0]?.endsWith("/bin/activate")) {
      activated = args[0].slice(0, -"activate".length);
      continue;
    }
    if ([program, ...args].join(" ") === "set -e") continue;
    for (const read of readCommand(program, args, words.slice(0, first))) {
      if (read.kind === "install" && activated && !read.python.includes("/")) {
        read.python = activated + read.python;
      }
      commands.push(read);
    }
  }
  return commands;
}

const isAssignment = (word: string) => /^[A-Za-z_]\w*=/.test(word);

function commandsOf({ content, words }: Pick<Instruction, "content" | "words">): string[][] {
  const exec = execForm(content);
  if (exec) return [exec];
  const script = /^<<-?["']?(\w+)["']?\s*\n(.*)\n\s*\1\s*$/s.exec(content)?.[2];
  if (script === undefined) return splitCommands(words);
  const lines = script.split("\n").filter((line) => !line.trim().startsWith("#"));
  return lines.flatMap((line) => splitCommands(line.trim().split(/\s+/)));
}

/** Commands are parted by `&&`, `;` and `||`. */
function splitCommands(words: string[]): string[][] {
  const commands: string[][] = [[]];
  for (const word of words) {
    const separated = word === "&&" || word === ";" || word === "||";
    const bare = word.endsWith(";") ? word.slice(0, -1) : word;
    if (!separated && bare !== "") commands.at(-1)?.push(bare);
    if (separated || bare !== word) commands.push([]);
  }
  return commands;
}

function readCommand(program: string, args: string[], variables: string[]): RunCommand[] {
  const other: RunCommand = { kind: "other", text: [program, ...args].join(" ") };
  if (program === "cd" && args.length === 1) return [{ kind: "cd", directory: args[0] ?? "" }];
  if (program === "npm") return [readNpmCommand(args, variables) ?? other];
  const isPython = /(^|\/)python[\d.]*$/.test(program);
  const isModule = (name: string) => isPython && args[0] === "-m" && args[1] === name;
  if (isModule("venv") || isModule("virtualenv") || /(^|\/)virtualenv$/.test(program)) {
    const directory = args.slice(isPython ? 2 : 0).find((arg) => !arg.startsWith("-"));
    if (directory) return [{ kind: "venv", directory }];
  }
  const pipArgs = isModule("pip") ? args.slice(2) : args;
  const isPip = isModule("pip") || /(^|\/)pip[\d.]*$/.test(program);
  if (!isPip || !pipArgs.includes("install")) return [other];
  const install = readPipInstall(program, pipArgs);
  if (install.kind === "refused") return [install];
  const left = install.others.length > 0;
  const rest: RunCommand = {
    kind: "other",
    text: `${program} install ${install.others.join(" ")}`,
  };
  if (install.requirements.length === 0) return [other];
  const { others: _, ...read } = install;
  return left ? [read, rest] : [read];
}
