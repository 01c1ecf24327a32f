import { cbor, tag } from "@smithy/core/cbor";
import { withQueryError } from "./awsJson.ts";
import { mapShape, toSeconds } from "./mapShape.ts";
import { models, serviceNames } from "./operations.ts";
import type { Protocol, WireAnswer } from "./protocol.ts";

/** CBOR's tag for seconds since the Unix epoch. */
const epochTag = 1;

/** RPC v2 with CBOR: CloudWatch as boto3 and the AWS CLI speak to it. */
export const rpcV2Cbor: Protocol = {
  recognise({ headers, path }) {
    if (headers["smithy-protocol"] !== "rpc-v2-cbor") return undefined;
    const [, target, operation = ""] = /\/service\/([^/]+)\/operation\/([^/?]+)/.exec(path) ?? [];
    const service = serviceNames.find((name) => models[name].target === target);
    return service && { service, operation };
  },

  read({ body }, input) {
    const value: unknown = body.length > 0 ? cbor.deserialize(new Uint8Array(body)) : {};
    return mapShape(input, value, (schema, leaf) =>
      schema.isTimestampSchema() ? readTime(leaf) : leaf,
    );
  },

  write(_call, output, value) {
    const body = mapShape(output, value, (_schema, leaf) =>
      leaf instanceof Date ? tag({ tag: epochTag, value: toSeconds(leaf) }) : leaf,
    );
    return answer(200, body ?? {});
  },

  writeError(error, model) {
    const body = { __type: error.code, message: error.message };
    return withQueryError(answer(error.status, body), error, model);
  },
};

function readTime(value: unknown): unknown {
  const seconds = value && typeof value === "object" ? Reflect.get(value, "value") : value;
  return new Date(Number(seconds) * 1000);
}

function answer(status: number, body: unknown): WireAnswer {
  return {
    status,
    headers: { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
    // The serializer hands out a view of a buffer that it uses again.
    body: Uint8Array.from(cbor.serialize(body)),
  };
}
