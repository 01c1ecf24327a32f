/** What the rehearsal makes of a `pip install`. */
export type PipCommand =
  /** `python` is the program that runs pip, as written (`pip`, `/opt/venv/bin/pip`, …). */
  | { kind: "install"; python: string; requirements: string[]; options: string[] }
  /** pip puts packages where the rehearsal cannot follow. */
  | { kind: "refused"; option: string };

/** Options that change where pip installs, so that the packages are no longer a virtual environment's. */
const placing = ["--user", "--prefix", "--target", "-t", "--root"];
/** Options whose value is the next word. */
const withValue = new Set(
  "-i --index-url --extra-index-url -f --find-links -c --constraint --only-binary --no-binary --platform --trusted-host --timeout --retries --progress-bar --root-user-action --cache-dir --log -e --editable".split(
    " ",
  ),
);
/** They speak of the image's own cache and output. */
const dropped =
  /^(--no-cache-dir|--no-cache|-q+|--quiet|-v+|--verbose|(--root-user-action|--progress-bar|--cache-dir|--log).*)$/;

type PipInstallRead =
  | (Extract<PipCommand, { kind: "install" }> & {
      /** Packages that are named on the command line: only those of files are installed. */
      others: string[];
    })
  | Extract<PipCommand, { kind: "refused" }>;

/** Reads the words after `pip`. */
export function readPipInstall(python: string, args: string[]): PipInstallRead {
  const requirements: string[] = [];
  const options: string[] = [];
  const others: string[] = [];
  const rest = args.filter((arg, index) => arg !== "install" || index !== args.indexOf("install"));
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [name = "", inline] = arg.split(/=(.*)/s);
    if (name === "-r" || name === "--requirement") requirements.push(inline ?? rest.shift() ?? "");
    else if (/^-r./.test(arg)) requirements.push(arg.slice(2));
    else if (placing.includes(name)) return { kind: "refused", option: name };
    else if (arg.startsWith("-")) {
      const value = withValue.has(name) && inline === undefined ? rest.shift() : undefined;
      const words = [arg, ...(value === undefined ? [] : [value])];
      if (name === "-e" || name === "--editable") others.push(...words);
      else if (!dropped.test(arg)) options.push(...words);
    } else others.push(arg);
  }
  return { kind: "install", python, requirements, options, others };
}
