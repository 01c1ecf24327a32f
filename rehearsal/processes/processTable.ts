import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Names the run that a process belongs to; every descendant inherits it. */
export const runMarker = "SYMPHAINY_REHEARSAL_RUN";

/** A process of this machine. */
export interface ProcessEntry {
  pid: number;
  /** Process group. */
  group: number;
  /** Tells two processes apart that had the same id one after the other. */
  start: string;
}

const hasProc = existsSync("/proc/self/stat");

/** Every process that is alive; one that only waits to be reaped counts as dead. */
export function processTable(): ProcessEntry[] {
  if (!hasProc) return tableFromPs();
  return readdirSync("/proc").flatMap((name) => {
    const entry = /^\d+$/.test(name) ? entryFromProc(Number(name)) : undefined;
    return entry ? [entry] : [];
  });
}

/** The process with this id, or undefined when it is dead. */
export function findProcess(pid: number): ProcessEntry | undefined {
  return hasProc ? entryFromProc(pid) : tableFromPs().find((entry) => entry.pid === pid);
}

/** Whether the process was started in the run `id`. Always false where there is no /proc. */
export function isMarked(pid: number, id: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1")
      .split("\0")
      .includes(`${runMarker}=${id}`);
  } catch {
    return false;
  }
}

function entryFromProc(pid: number): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field is the program's name in parentheses and may hold spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    // While it has other threads, a dead leader's ports and files are still open.
    const threads = Number(fields[17]);
    if (state === "X" || (state === "Z" && threads <= 1)) return undefined;
    return { pid, group: Number(fields[2]), start: `${fields[19]}@${bootId()}` };
  } catch {
    return undefined;
  }
}

function tableFromPs(): ProcessEntry[] {
  const text = execFileSync("ps", ["-A", "-o", "pid=,pgid=,stat=,lstart="], { encoding: "utf8" });
  return text.split("\n").flatMap((line) => {
    const [pid, group, state, ...start] = line.trim().split(/\s+/);
    if (!pid || state?.startsWith("Z")) return [];
    return [{ pid: Number(pid), group: Number(group), start: start.join(" ") }];
  });
}

let boot: string | undefined;
function bootId(): string {
  boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return boot;
}
