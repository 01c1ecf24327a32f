/** The load balancer's data plane: a process of its own, told what to do over the channel to its parent. */

import type { ProxyReport, ProxyRequest } from "../wire.ts";
import { ProxyWorld } from "./proxyWorld.ts";

/** How often figures go to the parent, in real milliseconds. A cloud minute at speed 60 is one real second. */
const reportEveryMs = 200;

let world: ProxyWorld | undefined;

process.on("message", (message) => {
  const request = message as ProxyRequest;
  answer(request).then(
    (result) => report({ type: "answer", id: request.id, result }),
    (error: unknown) => report({ type: "error", id: request.id, message: String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
// One Ctrl-C reaches the whole terminal: the parent decides when the traffic ends.
process.on("SIGINT", () => {});

async function answer(request: ProxyRequest): Promise<unknown> {
  if (request.type === "start") {
    world = new ProxyWorld(request.settings, {
      onTarget: (target) => report({ type: "target", report: target }),
      onWaiting: () => reportDemand(),
    });
    setInterval(() => {
      reportMetrics();
      reportDemand();
    }, reportEveryMs).unref();
    return null;
  }
  if (world === undefined) throw new Error("The proxy was asked to work before it was started.");
  if (request.type === "apply") return world.apply(request.config);
  if (request.type === "query") return world.query(request.query);
  reportMetrics();
  return world.stats(request.reset);
}

function reportMetrics(): void {
  const deltas = world?.collect() ?? [];
  if (deltas.length > 0) report({ type: "metrics", deltas });
}

function reportDemand(): void {
  const demands = world?.demands() ?? [];
  if (demands.length > 0) report({ type: "demand", demands });
}

function report(message: ProxyReport): void {
  if (process.connected) process.send?.(message);
}
