import grpc from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import { type Properties, toStruct } from "./properties.ts";

/** An operation that failed and has something to remember all the same. */
export class PartlyDone extends Error {
  override readonly name = "PartlyDone";
  /** What the engine is to keep of the resource. */
  readonly properties: Properties;

  constructor(message: string, properties: Properties, cause: unknown) {
    super(message, { cause });
    this.properties = properties;
  }
}

/**
 * What the engine takes for a resource that exists, has these properties, and has to be tried again: it keeps them in
 * the state, with the inputs that were tried, and fails the update.
 */
export function initFailed(id: string, { message, properties }: PartlyDone): grpc.ServiceError {
  const detail = new messages.ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(toStruct(properties));
  detail.addReasons(message);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new status.Status();
  answer.setCode(grpc.status.UNKNOWN);
  answer.setMessage(message);
  answer.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  const { UNKNOWN: code } = grpc.status;
  return Object.assign(new Error(message), { code, details: message, metadata });
}
