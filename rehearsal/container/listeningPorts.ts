import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect } from "node:net";

/** Whether somebody accepts connections on a loopback port. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
  });
}

/** The TCP ports that a process listens on; empty where there is no /proc. */
export function listeningPorts(pid: number): number[] {
  const sockets = new Set(socketsOf(pid));
  const ports = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) =>
    readLines(table).flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [, local = "", , state] = fields;
      const isListening = state === "0A" && sockets.has(`socket:[${fields[9]}]`);
      return isListening ? [Number.parseInt(local.split(":")[1] ?? "", 16)] : [];
    }),
  );
  return [...new Set(ports)].toSorted((a, b) => a - b);
}

function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
      } catch {
        return []; // closed meanwhile
      }
    });
  } catch {
    return [];
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}
