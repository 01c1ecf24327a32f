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
      callback(asServiceError(error));
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

/** One that is gRPC's own already has more to say than its message. */
function asServiceError(error: unknown): Partial<grpc.ServiceError> {
  if (error instanceof Error && "metadata" in error && error.metadata instanceof grpc.Metadata) {
    const { message, metadata } = error;
    return { code: grpc.status.UNKNOWN, details: message, message, metadata };
  }
  const details = messageOf(error);
  const { UNIMPLEMENTED, UNKNOWN } = grpc.status;
  const code = error instanceof Unimplemented ? UNIMPLEMENTED : UNKNOWN;
  return { code, details, message: details };
}
