import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import anyProto from "google-protobuf/google/protobuf/any_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import type { Properties, Property } from "./properties.ts";

type Struct = structProto.Struct;

/** Undefined values are left out, as JSON does. */
export function toStruct(properties: Properties): Struct {
  return structProto.Struct.fromJavaScript(defined(properties));
}

/** The error shape of gRPC for a failure that leaves nothing behind. */
export function failed(message: string): Pick<ServiceError, "code" | "details"> {
  return { code: status.UNKNOWN, details: message };
}

/** The error by which the engine keeps a resource in the state although its operation failed. */
export function failedInitialising(
  message: string,
  created: { id: string; outputs: Properties; inputs: Properties },
): Pick<ServiceError, "code" | "details" | "metadata"> {
  const detail = new proto.ErrorResourceInitFailed();
  detail.setId(created.id);
  detail.setProperties(toStruct(created.outputs));
  detail.setInputs(toStruct(created.inputs));
  detail.setReasonsList([message]);
  const packed = new anyProto.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const wire = new statusProto.Status();
  wire.setCode(status.UNKNOWN);
  wire.setMessage(message);
  wire.addDetails(packed);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(wire.serializeBinary()));
  return { code: status.UNKNOWN, details: message, metadata };
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

function defined(properties: Properties): { [name: string]: Json } {
  const entries: [string, Json][] = [];
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined) entries.push([name, definedValue(value)]);
  }
  return Object.fromEntries(entries);
}

function definedValue(value: Property): Json {
  if (Array.isArray(value)) return value.map(definedValue);
  return typeof value === "object" && value !== null ? defined(value) : value;
}
