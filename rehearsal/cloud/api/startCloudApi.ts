import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { AwsError } from "../awsError.ts";
import { awsJson } from "./awsJson.ts";
import { awsQuery } from "./awsQuery.ts";
import { NoAnswer } from "./noAnswer.ts";
import { models, type ServiceName } from "./operations.ts";
import type { Call, Protocol, WireAnswer, WireRequest } from "./protocol.ts";
import { rpcV2Cbor } from "./rpcV2Cbor.ts";
import { type ServedApi, serveOnLoopback } from "./serveOnLoopback.ts";

export interface CloudApiArgs {
  /** Objects with a method for each operation, `describeServices` for DescribeServices, in the SDK's shapes. */
  ecs: object;
  loadBalancing: object;
  cloudwatch: object;
  /**
   * Sees each call before the service does; what it throws is the answer, and {@link NoAnswer} cuts the connection.
   *
   * @default nothing
   */
  intercept?: (service: ServiceName, operation: string, input: unknown) => void | Promise<void>;
  /**
   * The time by which answers are dated, in milliseconds since the Unix epoch.
   *
   * @default the wall's
   */
  now?: () => number;
}

/** Where each service's operations are, for the error that names it. */
const folders: Record<ServiceName, string> = {
  ecs: "rehearsal/cloud/ecs/",
  loadBalancing: "rehearsal/cloud/elb/",
  cloudwatch: "rehearsal/cloud/cloudwatch/",
};

/** RPC v2 first: its requests carry the mark of no other. */
const protocols: Protocol[] = [rpcV2Cbor, awsJson, awsQuery];

/** Serves the emulated cloud's API to any AWS client; signatures are taken as they come. */
export async function startCloudApi(args: CloudApiArgs): Promise<ServedApi> {
  return serveOnLoopback((message, response) => {
    readRequest(message)
      .then((request) => answer(args, request))
      .then(({ status, headers, body }) => {
        const date = new Date(args.now?.() ?? Date.now()).toUTCString();
        const own = { date, "x-amzn-requestid": randomUUID() };
        response.writeHead(status, { ...headers, ...own }).end(body);
      })
      // The client has gone away in the middle of its request, or nobody is there to answer it.
      .catch(() => response.destroy());
  });
}

async function answer(args: CloudApiArgs, request: WireRequest): Promise<WireAnswer> {
  for (const protocol of protocols) {
    const call = protocol.recognise(request);
    if (!call) continue;
    try {
      return await answerCall(args, protocol, call, request);
    } catch (error) {
      if (error instanceof NoAnswer) throw error;
      return protocol.writeError(asAwsError(error, call), models[call.service]);
    }
  }
  const { method, path } = request;
  const error = new AwsError(
    "UnknownOperationException",
    `${method} ${path} is in no protocol that the rehearsal serves: ECS (JSON), load balancing (query) and ` +
      "CloudWatch (JSON, CBOR, query). Others would be added in rehearsal/cloud/api/operations.ts.",
    404,
  );
  const speaksXml = request.headers["content-type"]?.includes("form-urlencoded") ?? false;
  return (speaksXml ? awsQuery : awsJson).writeError(error, undefined);
}

async function answerCall(
  args: CloudApiArgs,
  protocol: Protocol,
  call: Call,
  request: WireRequest,
): Promise<WireAnswer> {
  const { service, operation } = call;
  const schema = models[service].operations.get(operation);
  const method = operation.charAt(0).toLowerCase() + operation.slice(1);
  const handler: unknown = Reflect.get(args[service], method);
  if (!schema || typeof handler !== "function") {
    throw new AwsError(
      "UnknownOperationException",
      `${operation} is not rehearsed. To add it, give the service in ${folders[service]} a method ${method}.`,
    );
  }
  const input = protocol.read(request, schema[4]);
  await args.intercept?.(service, operation, input);
  const output: unknown = await Reflect.apply(handler, args[service], [input]);
  return protocol.write(call, schema[5], output, models[service]);
}

function asAwsError(error: unknown, { operation }: Call): AwsError {
  if (error instanceof AwsError) return error;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new AwsError("InternalFailure", `${operation} failed in the rehearsal: ${message}`, 500);
}

async function readRequest(message: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const { method = "", url: path = "/", headers } = message;
  return { method, path, headers, body: Buffer.concat(chunks) };
}
