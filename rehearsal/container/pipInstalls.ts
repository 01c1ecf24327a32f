/** What a RUN does, command by command. */
export type RunCommand =
  /** `python -m venv`; the path as it is written. */
  | { kind: "venv"; directory: string }
  /** `pip install -r`; `python` is the program that runs pip, as written (`pip`, `/opt/venv/bin/pip`, …). */
  | { kind: "install"; python: string; requirements: string[]; options: string[] }
  /** pip puts packages where the rehearsal cannot follow. */
  | { kind: "refused"; option: string }
  | { kind: "other"; text: string };

/** Options that change where pip installs, so that the packages are no longer a virtual environment's. */
const placing = ["--user", "--prefix", "--target", "-t", "--root"];
/** Options whose value is the next word. */
const withValue = new Set(
  "-i --index-url --extra-index-url -f --find-links -c --constraint --only-binary --no-binary --platform --trusted-host --timeout --retries --progress-bar --root-user-action".split(
    " ",
  ),
);
/** They speak of the image's own cache and output. */
const dropped =
  /^(--no-cache-dir|--no-cache|-q+|--quiet|-v+|--verbose|--root-user-action.*|--progress-bar.*)$/;

/** Reads the words of a RUN; commands are parted by `&&`, `;` and `||`. */
export function readRunCommands(words: string[]): RunCommand[] {
  const commands: RunCommand[] = [];
  let activated: string | undefined;
  for (const command of splitCommands(words)) {
    const [program = "", ...args] = command;
    if ((program === "." || program === "source") && args[0]?.endsWith("/bin/activate")) {
      activated = args[0].slice(0, -"activate".length);
      continue;
    }
    const read = readCommand(program, args);
    if (read.kind === "install" && activated && !read.python.includes("/")) {
      read.python = activated + read.python;
    }
    commands.push(read);
  }
  return commands;
}

function splitCommands(words: string[]): string[][] {
  const commands: string[][] = [[]];
  for (const word of words) {
    const separated = word === "&&" || word === ";" || word === "||";
    const bare = word.endsWith(";") ? word.slice(0, -1) : word;
    if (!separated && bare !== "") commands.at(-1)?.push(bare);
    if (separated || bare !== word) commands.push([]);
  }
  return commands
    .map((command) => command.slice(command.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word))))
    .filter((command) => command.length > 0 && command.join(" ") !== "set -e");
}

function readCommand(program: string, args: string[]): RunCommand {
  const isPython = /(^|\/)python[\d.]*$/.test(program);
  const isModule = (name: string) => isPython && args[0] === "-m" && args[1] === name;
  if (isModule("venv") || isModule("virtualenv") || /(^|\/)virtualenv$/.test(program)) {
    const directory = args.slice(isPython ? 2 : 0).find((arg) => !arg.startsWith("-"));
    if (directory) return { kind: "venv", directory };
  }
  const pipArgs = isModule("pip") ? args.slice(2) : args;
  const isPip = isModule("pip") || /(^|\/)pip[\d.]*$/.test(program);
  if (isPip && pipArgs.includes("install")) {
    const read = readPipInstall(program, pipArgs);
    if (read) return read;
  }
  return { kind: "other", text: [program, ...args].join(" ") };
}

function readPipInstall(python: string, args: string[]): RunCommand | undefined {
  const requirements: string[] = [];
  const options: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [name = "", inline] = arg.split(/=(.*)/s);
    if (name === "-r" || name === "--requirement") requirements.push(inline ?? rest.shift() ?? "");
    else if (/^-r./.test(arg)) requirements.push(arg.slice(2));
    else if (placing.includes(name)) return { kind: "refused", option: name };
    else if (arg.startsWith("-")) {
      const value = withValue.has(name) && inline === undefined ? rest.shift() : undefined;
      if (!dropped.test(arg)) options.push(arg, ...(value === undefined ? [] : [value]));
    }
  }
  if (requirements.length === 0) return undefined;
  return { kind: "install", python, requirements, options };
}
