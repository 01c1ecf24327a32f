import grpc from "@grpc/grpc-js";
import { messageOf } from "./messageOf.ts";
import { promotionToken } from "./messages.ts";

class Unimplemented extends Error {}

/** Turns a promise into gRPC's callback; an error becomes the message that the engine prints. */
export function unary<In, Out>(
  answer: (request: In, call: grpc.ServerUnaryCall<In, Out>) => Promise<Out>,
): grpc.handleUnaryCall<In, Out> {
  const settle: (...args: Parameters<grpc.handleUnaryCall<In, Out>>) => Promise<void> = async (
    call,
    callback,
  ) => {
    let response: Out;
    try {
      response = await answer(call.request, call);
    } catch (error) {
      const details = messageOf(error);
      callback({ code: codeOf(error), details, message: details });
      return;
    }
    callback(null, response);
  };
  return (call, callback) => void settle(call, callback);
}

/** A call that this provider has no use for. */
export function unimplemented(what: string): () => Promise<never> {
  return async () => {
    throw new Unimplemented(`the rollout provider has no ${what}, only ${promotionToken}`);
  };
}

function codeOf(error: unknown): grpc.status {
  return error instanceof Unimplemented ? grpc.status.UNIMPLEMENTED : grpc.status.UNKNOWN;
}
