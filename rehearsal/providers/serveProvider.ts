import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import service from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import { AwsError } from "../cloud/awsError.ts";
import { ProviderOperations } from "./operations.ts";
import type { ProviderArgs } from "./providerKind.ts";
import { failed } from "./wire.ts";

export interface ServedProvider {
  /** For PULUMI_DEBUG_PROVIDERS: `<name>:<port>`. */
  readonly port: number;
  close(): Promise<void>;
}

/** Serves one resource provider on loopback, to which an unmodified engine attaches. */
export async function serveProvider(args: ProviderArgs): Promise<ServedProvider> {
  const operations = new ProviderOperations(args);
  const server = new Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
  const empty = () => new emptyProto.Empty();
  server.addService(service.ResourceProviderService, {
    handshake: unary(() => operations.handshake()),
    attach: unary(empty),
    cancel: unary(empty),
    getPluginInfo: unary(() => {
      const info = new pluginProto.PluginInfo();
      info.setVersion(args.version);
      return info;
    }),
    getSchema: unary(() => operations.getSchema()),
    checkConfig: unary((request) => operations.checkConfig(request)),
    diffConfig: unary((request) => operations.diffConfig(request)),
    configure: unary(() => operations.configure()),
    invoke: unary((request) => operations.invoke(request)),
    check: unary((request) => operations.check(request)),
    diff: unary((request) => operations.diff(request)),
    create: unary((request) => operations.create(request)),
    read: unary((request) => operations.read(request)),
    update: unary((request) => operations.update(request)),
    delete: unary((request) => operations.delete(request)),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        // The engine may keep its connection open; nothing is in flight when the rehearsal closes.
        server.tryShutdown(() => resolve());
        server.forceShutdown();
      }),
  };
}

function unary<Request, Response>(handle: (request: Request) => Response | Promise<Response>) {
  const answer = async (request: Request, callback: sendUnaryData<Response>) => {
    try {
      callback(null, await handle(request));
    } catch (error) {
      callback(isGrpcError(error) ? error : failed(messageOf(error)));
    }
  };
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) =>
    void answer(call.request, callback);
}

function isGrpcError(error: unknown): error is { code: number; details: string } {
  return typeof error === "object" && error !== null && "code" in error && "details" in error;
}

function messageOf(error: unknown): string {
  if (error instanceof AwsError) return `api error ${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
