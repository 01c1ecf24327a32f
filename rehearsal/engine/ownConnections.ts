import * as settings from "@pulumi/pulumi/runtime/settings.js";

/** With what the SDK opens its connections to an engine; internal to it, so its types leave it out. */
interface Internals {
  grpcClientOptions: Record<string, unknown>;
}

/**
 * Has this process open a connection of its own to each engine that runs a program in it.
 *
 * All connections to one address share their state otherwise, those that the SDK never closes included: it leaves one
 * behind with every inline program. Where the next engine is given the port of an earlier one, its first call fails at
 * once as unavailable, and the SDK takes that for an engine that has ended: the program counts as done, with nothing in
 * it.
 *
 * @throws when the SDK no longer has the options.
 */
export function ownConnections(): void {
  const { grpcClientOptions } = settings as unknown as Internals;
  if (!grpcClientOptions) throw new Error("@pulumi/pulumi has no grpcClientOptions any more");
  grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;
}
