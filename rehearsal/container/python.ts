import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { messageOf } from "../../provider/messageOf.ts";

/** A Python of this machine. */
export interface Python {
  /** Absolute path of the interpreter. */
  path: string;
  /** Such as "3.11.7". */
  version: string;
}

const run = promisify(execFile);
const script =
  "import sys; print(sys.executable); print('.'.join(map(str, sys.version_info[:3]))); import venv, ensurepip";

/**
 * The machine's Python that is nearest to the image's.
 *
 * @param wanted - the image's version as its tag has it, such as "3.10"; null when the tag names none.
 * @throws Error, when there is no Python ≥ 3.10 with `venv`.
 */
export async function findPython(wanted: string | null): Promise<Python> {
  const exact = wanted ? [`python${wanted.split(".").slice(0, 2).join(".")}`] : [];
  const found: string[] = [];
  for (const command of [...exact, "python3", "python"]) {
    const python = await tryPython(command);
    if (typeof python === "string") found.push(`${command}: ${python}`);
    else if (isRecent(python.version)) return python;
    else found.push(`${command}: version ${python.version}`);
  }
  throw new Error(
    "The rehearsal runs the platform with this machine's Python and finds none that is at least 3.10 and has " +
      `the module venv (${found.join("; ")}). Install one, for example "apt install python3-venv", and have it on PATH.`,
  );
}

async function tryPython(command: string): Promise<Python | string> {
  try {
    const { stdout } = await run(command, ["-c", script]);
    const [path = "", version = ""] = stdout.trim().split("\n");
    return { path, version };
  } catch (error) {
    const message = messageOf(error);
    return message.trim().split("\n").at(-1) ?? "";
  }
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major === 3 && minor >= 10;
}
