import grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import rpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { fromStruct, isObject, type Properties, toStruct } from "../../provider/properties.ts";
import { cloudCalls, cloudOutputs } from "./cloudOutputs.ts";

/** Something that was really done to a resource. */
export interface Done {
  what: "create" | "update" | "delete";
  type: string;
  name: string;
  inputs: Properties;
}

/** Providers, all in one, of a cloud that takes every resource and adds what a real one would. */
export interface EchoCloud {
  port: number;
  done: Done[];
  close(): void;
}

/** A type that a cloud does more with than to add outputs. */
export interface Kind {
  /** Inputs that a change of replaces the resource. */
  replacedBy?: readonly string[];
  /** @param olds - outputs before; undefined for a new resource. */
  outputs?(inputs: Properties, olds: Properties | undefined): Properties;
}

export async function serveEchoCloud(kinds: Record<string, Kind> = {}): Promise<EchoCloud> {
  const done: Done[] = [];
  const note = (what: Done["what"], urn: string, inputs: Properties): Properties => {
    const { type, name } = parse(urn);
    done.push({ what, type, name, inputs });
    return { ...inputs, ...known(cloudOutputs(type, name, inputs)) };
  };
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
    invoke: answer((request: messages.InvokeRequest) => {
      const response = new messages.InvokeResponse();
      response.setReturn(toStruct(known(cloudCalls[request.getTok()] ?? {})));
      return response;
    }),
    diff: answer((request: messages.DiffRequest) => {
      const { type } = parse(request.getUrn());
      const ignored = request.getIgnorechangesList();
      const [before, after] = [fromStruct(request.getOldInputs()), fromStruct(request.getNews())];
      const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
        (key) =>
          !ignored.includes(key) && JSON.stringify(before[key]) !== JSON.stringify(after[key]),
      );
      const response = new messages.DiffResponse();
      const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
      response.setChanges(changed.length === 0 ? DIFF_NONE : DIFF_SOME);
      response.setDiffsList(changed);
      const replacedBy = kinds[type]?.replacedBy ?? [];
      response.setReplacesList(changed.filter((key) => replacedBy.includes(key)));
      return response;
    }),
    create: answer((request: messages.CreateRequest) => {
      if (request.getPreview()) {
        const response = new messages.CreateResponse();
        response.setProperties(request.getProperties());
        return response;
      }
      const { type, name } = parse(request.getUrn());
      const inputs = fromStruct(request.getProperties());
      const outputs = note("create", request.getUrn(), inputs);
      const response = new messages.CreateResponse();
      response.setId(`${name}-${done.length}`);
      response.setProperties(
        toStruct({ ...outputs, ...kinds[type]?.outputs?.(inputs, undefined) }),
      );
      return response;
    }),
    update: answer((request: messages.UpdateRequest) => {
      if (request.getPreview()) {
        const response = new messages.UpdateResponse();
        // As real providers do it: what an update leaves alone is known before.
        const [olds, news] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
        response.setProperties(toStruct({ ...olds, ...news }));
        return response;
      }
      const { type } = parse(request.getUrn());
      const inputs = fromStruct(request.getNews());
      const outputs = note("update", request.getUrn(), inputs);
      const response = new messages.UpdateResponse();
      const olds = fromStruct(request.getOlds());
      response.setProperties(toStruct({ ...outputs, ...kinds[type]?.outputs?.(inputs, olds) }));
      return response;
    }),
    delete: answer((request: messages.DeleteRequest) => {
      note("delete", request.getUrn(), fromStruct(request.getProperties()));
      return new empty.Empty();
    }),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, at) =>
      error ? reject(error) : resolve(at),
    );
  });
  return { port, done, close: () => server.forceShutdown() };
}

function check(request: messages.CheckRequest): messages.CheckResponse {
  const response = new messages.CheckResponse();
  response.setInputs(request.getNews());
  return response;
}

function answer<Request, Response>(
  respond: (request: Request) => Response,
): grpc.handleUnaryCall<Request, Response> {
  return (call, done) => {
    let response: Response;
    try {
      response = respond(call.request);
    } catch (error) {
      done({ code: grpc.status.UNKNOWN, details: String(error) });
      return;
    }
    done(null, response);
  };
}

function parse(urn: string): { type: string; name: string } {
  const [, , types = "", name = ""] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name };
}

/** Only what goes over the wire: no undefined. */
function known(values: object): Properties {
  const plain: unknown = JSON.parse(JSON.stringify(values));
  return isJsonObject(plain) ? plain : {};
}

function isJsonObject(value: unknown): value is Properties {
  return isObject(value as Properties);
}
