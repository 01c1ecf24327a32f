import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as ecs from "@aws-sdk/client-ecs";
import * as loadBalancing from "@aws-sdk/client-elastic-load-balancing-v2";
import type { StaticErrorSchema, StaticOperationSchema } from "@smithy/types";

/** The services that are served, by the names of the objects that stand for them. */
export const serviceNames = ["ecs", "loadBalancing", "cloudwatch"] as const;
export type ServiceName = (typeof serviceNames)[number];

/** A service's API as its SDK describes it. */
export interface ServiceModel {
  /** Operation, such as `DescribeServices` → its input and output. */
  operations: Map<string, StaticOperationSchema>;
  /** Name of an error's shape → code and status that the query protocol has for it. */
  queryErrors: Map<string, { code: string; status: number }>;
  /** First part of `X-Amz-Target`, and the service's name in RPC v2; null for a service without either. */
  target: string | null;
  /** The query protocol's `Version`; null for a service that does not speak it. */
  version: string | null;
  /** Of the query protocol's answers. */
  xmlNamespace: string;
}

// The first element of a schema says what it describes.
const operationKind = 9;
const errorKind = -3;

/** The SDK's own schemas: whatever a client of today can ask or be told is in them. */
export const models: Record<ServiceName, ServiceModel> = {
  ecs: {
    ...readSchemas(ecs),
    target: "AmazonEC2ContainerServiceV20141113",
    version: null,
    xmlNamespace: "",
  },
  loadBalancing: {
    ...readSchemas(loadBalancing),
    target: null,
    version: "2015-12-01",
    xmlNamespace: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
  },
  cloudwatch: {
    ...readSchemas(cloudwatch),
    target: "GraniteServiceVersion20100801",
    version: "2010-08-01",
    xmlNamespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
  },
};

function readSchemas(client: object): Pick<ServiceModel, "operations" | "queryErrors"> {
  const operations: ServiceModel["operations"] = new Map();
  const queryErrors: ServiceModel["queryErrors"] = new Map();
  for (const [name, value] of Object.entries(client)) {
    if (!name.endsWith("$") || !Array.isArray(value)) continue;
    if (isOperation(value)) operations.set(value[2], value);
    else if (isError(value)) {
      const traits: unknown = value[3];
      const query = traits && typeof traits === "object" ? Reflect.get(traits, "awsQueryError") : 0;
      const [code, status] = Array.isArray(query) ? query : [];
      if (code) queryErrors.set(value[2], { code: String(code), status: Number(status ?? 400) });
    }
  }
  return { operations, queryErrors };
}

function isOperation(value: unknown[]): value is [...StaticOperationSchema] {
  return value[0] === operationKind;
}

function isError(value: unknown[]): value is [...StaticErrorSchema] {
  return value[0] === errorKind;
}
