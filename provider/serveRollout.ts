import grpc from "@grpc/grpc-js";
import rpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { Clock } from "./clock.ts";
import type { Clouds } from "./cloud.ts";
import { EngineLog } from "./engineLog.ts";
import { Operations } from "./operations.ts";
import { httpProbe, type Probe } from "./probe.ts";
import { PromotionResource } from "./promotionResource.ts";
import { providerService } from "./providerService.ts";
import { realClouds } from "./realClouds.ts";
import { runnerName } from "./runnerName.ts";

export interface RolloutDeps {
  clock: Clock;
  /** @default a real HTTP GET */
  probe?: Probe;
  /** @default the real clouds */
  clouds?: Clouds;
  /** Who runs the promotions. @default the CI system's actor, or user and host */
  by?: string;
}

export interface RolloutServer {
  /** On the loopback interface. */
  port: number;
  /** Calls off what runs, waits until each has asked for its roll-back (at most 5 s), and stops serving. */
  close(): Promise<void>;
}

/** Messages of the engine may carry a whole stack's state; this is its own limit. */
const maxMessageBytes = 400 * 1024 * 1024;

/**
 * Serves the `rollout` provider on loopback.
 *
 * @param port - 0, the default, takes a free one.
 * @param engine - address of the engine; an engine that attaches by itself sends it later.
 */
export async function serveRollout(
  { clock, probe = httpProbe, clouds = realClouds, by = runnerName() }: RolloutDeps,
  { port = 0, engine = "" }: { port?: number; engine?: string } = {},
): Promise<RolloutServer> {
  const log = new EngineLog();
  log.connect(engine);
  const operations = new Operations();
  const resource = new PromotionResource({ clock, probe, clouds, by });
  const server = new grpc.Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  server.addService(rpc.ResourceProviderService, providerService({ resource, operations, log }));
  const bound = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync(`127.0.0.1:${port}`, credentials, (error, at) =>
      error ? reject(error) : resolve(at),
    );
  });
  return { port: bound, close };

  async function close(): Promise<void> {
    operations.cancel("the provider is shut down");
    await operations.settled(5_000);
    server.forceShutdown();
    log.close();
  }
}
