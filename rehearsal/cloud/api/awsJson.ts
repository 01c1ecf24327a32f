import type { AwsError } from "../awsError.ts";
import { mapShape, toSeconds } from "./mapShape.ts";
import { models, type ServiceModel, serviceNames } from "./operations.ts";
import type { Protocol, WireAnswer } from "./protocol.ts";

/** JSON 1.0 and 1.1: ECS, and CloudWatch as the JavaScript SDK speaks to it. */
export const awsJson: Protocol = {
  recognise({ headers }) {
    const target = headers["x-amz-target"];
    if (typeof target !== "string") return undefined;
    const [prefix, operation = ""] = target.split(".");
    const service = serviceNames.find((name) => models[name].target === prefix);
    return service && { service, operation };
  },

  read({ body }, input) {
    const value: unknown = body.length > 0 ? JSON.parse(body.toString("utf8")) : {};
    return mapShape(input, value, (schema, leaf) =>
      schema.isTimestampSchema() && typeof leaf === "number" ? new Date(leaf * 1000) : leaf,
    );
  },

  write({ service }, output, value) {
    const body = mapShape(output, value, (_schema, leaf) => toSeconds(leaf)) ?? {};
    return answer(200, contentType[service], body);
  },

  writeError(error, model) {
    const body = { __type: error.code, message: error.message };
    const result = answer(error.status, "application/x-amz-json-1.1", body);
    result.headers["x-amzn-errortype"] = error.code;
    return withQueryError(result, error, model);
  },
};

const contentType = {
  ecs: "application/x-amz-json-1.1",
  loadBalancing: "application/x-amz-json-1.1",
  cloudwatch: "application/x-amz-json-1.0",
};

/** A service that once spoke the query protocol tells its codes along with the newer ones. */
export function withQueryError(
  result: WireAnswer,
  error: AwsError,
  model: ServiceModel | undefined,
): WireAnswer {
  if (model?.version && model.target) {
    const code = model.queryErrors.get(error.code)?.code ?? error.code;
    const fault = error.status < 500 ? "Sender" : "Receiver";
    result.headers["x-amzn-query-error"] = `${code};${fault}`;
  }
  return result;
}

function answer(status: number, type: string, body: unknown): WireAnswer {
  return { status, headers: { "content-type": type }, body: JSON.stringify(body) };
}
