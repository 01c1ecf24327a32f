/** The load generator: a process of its own, so that nothing else delays its requests. */
import { EventLoopStall } from "../eventLoopStall.ts";
import { type Arrival, schedule } from "./schedule.ts";
import { Sender } from "./sender.ts";
import { type Outcome, Tally } from "./tally.ts";
import type { GeneratorReport, GeneratorRequest, LoadSettings } from "./wire.ts";

/** Between two snapshots, in real milliseconds. */
const snapshotEveryMs = 200;

let stopRequested = false;
let wake = () => {};
let hold: (count: number) => Promise<void> = () => Promise.resolve();
let letGo = () => {};

process.on("message", (message) => {
  const request = message as GeneratorRequest;
  if (request.type === "start") void run(request.settings);
  else if (request.type === "hold") void hold(request.count);
  else {
    letGo();
    if (request.type === "letGo") return;
    stopRequested = true;
    wake();
  }
});
process.on("disconnect", () => process.exit(0));
// One Ctrl-C reaches the whole terminal: the parent decides when the load ends.
process.on("SIGINT", () => {});

async function run(settings: LoadSettings): Promise<void> {
  const sender = new Sender(settings);
  const tally = new Tally(settings.latencyObjectiveMs);
  const stall = new EventLoopStall();
  const cpu = process.cpuUsage();
  const inFlight = new Set<Promise<void>>();
  const snapshots = setInterval(() => {
    const figures = { inFlight: inFlight.size, stallMs: stall.worstMs };
    tell({ type: "snapshot", snapshot: tally.snapshot(Date.now(), figures) });
  }, snapshotEveryMs);
  hold = async (count) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    letGo = resolve;
    const uploads = Array.from({ length: count }, () => sender.hold(promise));
    for (const { outcome } of uploads) follow(outcome);
    await Promise.all(uploads.map(({ open }) => open));
    tell({ type: "holding" });
  };
  tell({ type: "started" });

  // Monotonic for what is due, wall time for what is reported.
  const startedAt = performance.now();
  const wallAtStart = Date.now();
  for (const arrival of schedule(settings)) {
    await due(startedAt + arrival.dueMs);
    if (stopRequested) break;
    tally.late(performance.now() - startedAt - arrival.dueMs);
    launch(arrival);
  }
  await Promise.all(inFlight);
  clearInterval(snapshots);
  sender.close();
  const used = process.cpuUsage(cpu);
  const cpuMs = (used.user + used.system) / 1000;
  tell({ type: "report", report: tally.report({ stallMs: stall.worstMs, cpuMs }) });

  function launch(arrival: Arrival): void {
    follow(sender.send(arrival, wallAtStart + arrival.dueMs));
  }

  function follow(outcome: Promise<Outcome>): void {
    const over = outcome.then((it) => {
      tally.add(it);
      inFlight.delete(over);
    });
    inFlight.add(over);
  }
}

/** Resolves at a time of the monotonic clock, at once when it is past, or when the load has to stop. */
function due(at: number): Promise<void> | void {
  const wait = at - performance.now();
  if (wait <= 0 || stopRequested) return;
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, wait);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

function tell(report: GeneratorReport): void {
  if (process.connected) process.send?.(report);
}
