import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect } from "node:net";
import { processTable } from "../processes/processTable.ts";

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

/** The TCP ports that a process and what it has started listen on; empty where there is no /proc. */
export function listeningPorts(group: number): number[] {
  const members = processTable().filter((entry) => entry.group === group);
  const sockets = new Set(members.flatMap(({ pid }) => socketsOf(pid)));
  const ports = listeners().flatMap(({ port, inode }) =>
    sockets.has(`socket:[${inode}]`) ? [port] : [],
  );
  return [...new Set(ports)].toSorted((a, b) => a - b);
}

/** Whether all who listen on a port do so on the loopback address; false where there is no /proc. */
export function listensOnLoopbackAlone(port: number): boolean {
  const all = listeners().filter((listener) => listener.port === port);
  return all.length > 0 && all.every(({ address }) => loopback.test(address));
}

/** As the kernel writes 127.x.x.x, the same as an IPv6 address, and ::1. */
const loopback = /^((0{16}F{4}0{4})?[0-9A-F]{6}7F|0{24}01000000)$/;

interface Listener {
  /** In the kernel's hexadecimal form. */
  address: string;
  port: number;
  inode: string;
}

function listeners(): Listener[] {
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) =>
    readLines(table).flatMap((line) => {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      const [address = "", port = ""] = local.split(":");
      return state === "0A" ? [{ address, port: Number.parseInt(port, 16), inode }] : [];
    }),
  );
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
