/** What the rehearsal makes of an `npm` command. */
export type NpmCommand =
  | {
      kind: "npm";
      command: "ci" | "install";
      options: string[];
      /** Of the package; undefined where the command stands. */
      directory: string | undefined;
      /** NODE_ENV of this command alone. */
      nodeEnv: string | undefined;
    }
  /** `npm prune`: takes packages away again. */
  | { kind: "npmPrune"; options: string[]; directory: string | undefined };

const commands: Record<string, "ci" | "install" | "prune"> = {
  ci: "ci",
  "clean-install": "ci",
  install: "install",
  i: "install",
  add: "install",
  prune: "prune",
};
/** Options whose value is the next word. */
const withValue = new Set(
  "--omit --include --only --loglevel --registry --cache --prefix -C --install-strategy".split(" "),
);
/** They speak of the image's own cache and output. */
const dropped =
  /^(--no-audit|--audit|--no-fund|--fund|--no-progress|--silent|-s|--quiet|-q|--verbose|(--loglevel|--cache|--progress)(=.*)?)$/;

/**
 * Reads the words after `npm`.
 *
 * @param variables - assignments before it, such as `NODE_ENV=production`.
 * @returns undefined for what is neither an installation of what `package.json` names nor a `prune` of it.
 */
export function readNpmCommand(args: string[], variables: string[]): NpmCommand | undefined {
  const named: string[] = [];
  const options: string[] = [];
  let directory: string | undefined;
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (!arg.startsWith("-")) {
      named.push(arg);
      continue;
    }
    const [name = "", inline] = arg.split(/=(.*)/s);
    if (/^(-g|--global|-w|--workspaces?|--location)$/.test(name)) return undefined;
    const value = inline ?? (withValue.has(name) ? rest.shift() : undefined);
    if (name === "--prefix" || name === "-C") directory = value;
    else if (!dropped.test(arg)) options.push(value === undefined ? name : `${name}=${value}`);
  }
  const [command = "", ...packages] = named;
  const known = commands[command];
  if (known === undefined || packages.length > 0) return undefined;
  if (known === "prune") return { kind: "npmPrune", options, directory };
  const nodeEnv = variables.findLast((word) => word.startsWith("NODE_ENV="))?.slice(9);
  return { kind: "npm", command: known, options, directory, nodeEnv };
}
