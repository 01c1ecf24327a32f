import grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import rpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";

/** A provider that takes every resource of every type and returns what it was given. */
export interface EchoProvider {
  port: number;
  /** Types of the resources that were really created. */
  created: string[];
  close(): void;
}

export async function serveEchoProvider(): Promise<EchoProvider> {
  const created: string[] = [];
  const server = new grpc.Server();
  server.addService(rpc.ResourceProviderService, {
    handshake: answer(() => new messages.ProviderHandshakeResponse()),
    attach: answer(() => new empty.Empty()),
    getPluginInfo: answer(() => {
      const info = new plugin.PluginInfo();
      info.setVersion("0.0.1");
      return info;
    }),
    checkConfig: answer(check),
    diffConfig: answer(() => new messages.DiffResponse()),
    configure: answer(() => {
      const response = new messages.ConfigureResponse();
      response.setSupportspreview(true);
      return response;
    }),
    check: answer(check),
    diff: answer(() => new messages.DiffResponse()),
    create: answer((request: messages.CreateRequest) => {
      const response = new messages.CreateResponse();
      response.setProperties(request.getProperties());
      if (!request.getPreview()) {
        const type = request.getUrn().split("::")[2] ?? "";
        created.push(type);
        response.setId(`id-${created.length}`);
      }
      return response;
    }),
    delete: answer(() => new empty.Empty()),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, at) =>
      error ? reject(error) : resolve(at),
    );
  });
  return { port, created, close: () => server.forceShutdown() };
}

function check(request: messages.CheckRequest): messages.CheckResponse {
  const response = new messages.CheckResponse();
  response.setInputs(request.getNews());
  return response;
}

function answer<Request, Response>(
  respond: (request: Request) => Response,
): grpc.handleUnaryCall<Request, Response> {
  return (call, done) => done(null, respond(call.request));
}
