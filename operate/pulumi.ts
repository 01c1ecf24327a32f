import { execFile, spawn } from "node:child_process";
import { CalledOff } from "./calledOff.ts";
import { CannotDo } from "./cannotDo.ts";

export interface PulumiArgs {
  /** Folder of the project. */
  cwd: string;
  stack: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

/** A stack's state may be large; this is the limit of the engine's own messages. */
const maxOutputBytes = 400 * 1024 * 1024;

/**
 * The user's own `pulumi` on one stack, in the user's own environment.
 *
 * The Automation API would have it print the state with its secrets, and takes most of a second to load.
 */
export class Pulumi {
  readonly stack: string;
  readonly #args: PulumiArgs;

  constructor(args: PulumiArgs) {
    this.stack = args.stack;
    this.#args = args;
  }

  /**
   * Runs a command that asks nothing.
   *
   * @returns what it printed.
   * @throws CannotDo in Pulumi's words, with what may help.
   */
  run(...args: string[]): Promise<string> {
    const { cwd, env, stack, signal } = this.#args;
    return new Promise((resolve, reject) => {
      execFile(
        "pulumi",
        [...args, "--stack", stack, "--non-interactive", "--color", "never"],
        { cwd, env, signal, maxBuffer: maxOutputBytes },
        (error, stdout, stderr) => {
          if (!error) return resolve(stdout);
          reject(signal.aborted ? signal.reason : explain(error, stderr, this.#args));
        },
      );
    });
  }

  /** @throws CannotDo when Pulumi fails, or prints something else. */
  async json(...args: string[]): Promise<unknown> {
    const text = await this.run(...args);
    try {
      return JSON.parse(text);
    } catch {
      throw new CannotDo(`pulumi ${args.join(" ")} did not print JSON, but: ${text.slice(0, 200)}`);
    }
  }

  /**
   * Runs a command that talks with the user itself.
   *
   * @returns its exit code.
   */
  attended(...args: string[]): Promise<number> {
    const { cwd, env, stack, signal } = this.#args;
    return new Promise((resolve, reject) => {
      const child = spawn("pulumi", [...args, "--stack", stack], { cwd, env, stdio: "inherit" });
      const pass = () => isOursAlone(signal.reason) && child.kill("SIGINT");
      signal.addEventListener("abort", pass, { once: true });
      child.on("error", (error) => reject(explain(error, "", this.#args)));
      child.on("close", (code, by) => {
        signal.removeEventListener("abort", pass);
        resolve(code ?? (by === "SIGINT" ? 130 : 1));
      });
    });
  }
}

/** A terminal tells every process of Ctrl-C itself, and a second one would kill the engine. */
function isOursAlone(reason: unknown): boolean {
  return !(reason instanceof CalledOff && reason.by === "SIGINT" && process.stdin.isTTY);
}

function explain(error: Error, stderr: string, { stack, cwd }: PulumiArgs): CannotDo {
  if ("code" in error && error.code === "ENOENT") {
    return new CannotDo(
      "There is no pulumi on PATH. Install it (https://www.pulumi.com/docs/install/), or put its folder on PATH.",
    );
  }
  const said = stderr.trim().replace(/^error: /, "") || error.message;
  if (/no stack named/.test(said)) {
    return new CannotDo(
      `There is no stack ${stack} in the backend of ${cwd}: ${said}. \`pulumi stack ls\` lists them.`,
    );
  }
  if (/PULUMI_ACCESS_TOKEN|pulumi login/.test(said)) {
    return new CannotDo(
      `pulumi is not logged in: ${said}. Run \`pulumi login\`, or set PULUMI_BACKEND_URL.`,
    );
  }
  return new CannotDo(`pulumi: ${said}`);
}
