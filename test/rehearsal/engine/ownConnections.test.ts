import { promisify } from "node:util";
import grpc from "@grpc/grpc-js";
import monitorRpc from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import monitorMessages from "@pulumi/pulumi/proto/resource_pb.js";
import { getMonitor, getProject, getStack, resetOptions } from "@pulumi/pulumi/runtime/settings.js";
import { expect } from "chai";
import { ownConnections } from "../../../rehearsal/engine/ownConnections.ts";
import { freePort } from "../../../rehearsal/processes/freePort.ts";

describe("a program that runs in this process", () => {
  let engine: grpc.Server | undefined;
  const opened: (() => void)[] = [];
  // Other tests run in this process, and know their project by what was there before.
  const before = { project: getProject(), stack: getStack() };

  afterEach(() => {
    for (const close of opened.splice(0)) close();
    engine?.forceShutdown();
    resetOptions(before.project, before.stack, 0, "", "", false, "");
  });

  /** Asks an engine as the SDK does in a program. @returns the status code. */
  async function ask(port: number): Promise<grpc.status> {
    resetOptions("project", "stack", 1, "", `127.0.0.1:${port}`, false, "organization");
    const monitor = getMonitor();
    if (!(monitor instanceof monitorRpc.ResourceMonitorClient)) throw new Error("no connection");
    opened.push(() => monitor.close());
    const request = new monitorMessages.SupportsFeatureRequest();
    const { promise, resolve } = Promise.withResolvers<grpc.status>();
    monitor.supportsFeature(request, (error) => resolve(error?.code ?? grpc.status.OK));
    return promise;
  }

  it("reaches an engine at a port where an earlier one has ended", async () => {
    ownConnections();
    const port = await freePort();
    expect(await ask(port)).to.equal(grpc.status.UNAVAILABLE);

    engine = new grpc.Server();
    engine.addService(monitorRpc.ResourceMonitorService, {
      supportsFeature: (_call: unknown, answer: grpc.sendUnaryData<unknown>) =>
        answer(null, new monitorMessages.SupportsFeatureResponse()),
    });
    const listen = promisify(engine.bindAsync.bind(engine));
    await listen(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure());
    expect(await ask(port)).to.equal(grpc.status.OK);
  });
});
