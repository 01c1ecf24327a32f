import type { IncomingHttpHeaders } from "node:http";
import type { SchemaRef } from "@smithy/types";
import type { AwsError } from "../awsError.ts";
import type { ServiceModel, ServiceName } from "./operations.ts";

/** A request as it came in. */
export interface WireRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** An answer as it goes out. */
export interface WireAnswer {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

/** Which operation a request is for. */
export interface Call {
  service: ServiceName;
  operation: string;
}

/** One of the ways in which AWS's clients talk. */
export interface Protocol {
  /** Undefined, when the request is in another protocol. */
  recognise(request: WireRequest): Call | undefined;
  /** @throws Error, when the body cannot be read. */
  read(request: WireRequest, input: SchemaRef): unknown;
  write(call: Call, output: SchemaRef, value: unknown, model: ServiceModel): WireAnswer;
  /** @param model - undefined, when the request names no service that is served. */
  writeError(error: AwsError, model: ServiceModel | undefined): WireAnswer;
}
