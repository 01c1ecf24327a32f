import type { ManagedProcess, Processes } from "../processes/processes.ts";

/** Processes without which a story means nothing, by name. */
const essential = new Set(["load balancer", "load generator", "operator", "rollout provider"]);

/** How many of the last lines the error of a lost process quotes. */
const quotedLines = 10;

export interface ProcessWatch {
  onLine: (line: string) => void;
  /** Told once for each essential process that ends though nobody has asked it to. */
  onLost: (error: Error) => void;
}

/** The same processes, with an eye on what they write and on whether the essential ones are alive. */
export function watchProcesses(all: Processes, { onLine, onLost }: ProcessWatch): Processes {
  let closing = false;
  return {
    close() {
      closing = true;
      return all.close();
    },
    spawn(spec) {
      const child = all.spawn(spec);
      child.onLine(onLine);
      if (!essential.has(spec.name)) return child;
      return watched(child, (error) => {
        if (!closing) onLost(error);
      });
    },
  };
}

function watched(child: ManagedProcess, onLost: (error: Error) => void): ManagedProcess {
  let asked = false;
  void child.ended.then(({ code, signal }) => {
    if (asked) return;
    const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
    const said = child.output.slice(-quotedLines).join("\n");
    onLost(
      new Error(`The ${child.name}'s process ${how}, so nothing can be said.\n${said}`.trim()),
    );
  });
  return {
    name: child.name,
    pid: child.pid,
    ended: child.ended,
    output: child.output,
    onLine: (listener) => child.onLine(listener),
    send: (message) => child.send(message),
    onMessage: (listener) => child.onMessage(listener),
    signal(signal) {
      asked = true;
      child.signal(signal);
    },
    stop(graceSeconds) {
      asked = true;
      return child.stop(graceSeconds);
    },
  };
}
