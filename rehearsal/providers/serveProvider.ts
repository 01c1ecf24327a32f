import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import service from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import { AwsError } from "../cloud/awsError.ts";
import { ProviderOperations } from "./operations.ts";
import type { Properties } from "./properties.ts";
import type { ResourceType } from "./resourceType.ts";
import { failed } from "./wire.ts";
import type { World } from "./world.ts";

/** What makes one provider different from another. */
export interface ProviderKind {
  /** Package name: aws, docker, random. */
  name: string;
  version: string;
  /** Every resource type that the program may use. */
  types: ResourceType[];
  /** File in which a missing type has to be added; named in the error. */
  table: string;
  /** Functions of the provider, by token. */
  invokes?: Record<string, Invoke>;
}

export interface ProviderArgs extends ProviderKind {
  world: World;
  /**
   * Called before every create, update and delete that is no preview; what it throws is the operation's failure.
   * Faults are put in here.
   */
  onOperation?(operation: Operation): void | Promise<void>;
}

export type Invoke = (args: Properties, world: World) => Properties | Promise<Properties>;

export interface Operation {
  kind: "create" | "update" | "delete";
  token: string;
  /** Logical name in the program. */
  name: string;
  inputs: Properties;
}

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
  return async (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
    try {
      callback(null, await handle(call.request));
    } catch (error) {
      callback(isGrpcError(error) ? error : failed(messageOf(error)));
    }
  };
}

function isGrpcError(error: unknown): error is { code: number; details: string } {
  return typeof error === "object" && error !== null && "code" in error && "details" in error;
}

function messageOf(error: unknown): string {
  if (error instanceof AwsError) return `api error ${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
