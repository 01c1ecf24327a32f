import grpc from "@grpc/grpc-js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { diffResponse } from "./diffResponse.ts";
import type { EngineLog } from "./engineLog.ts";
import { promotionToken } from "./messages.ts";
import type { Operations } from "./operations.ts";
import { initFailed, PartlyDone } from "./partlyDone.ts";
import type { Operation, PromotionResource } from "./promotionResource.ts";
import { fromStruct, toStruct } from "./properties.ts";
import { schema, version } from "./schema.ts";
import { unary, unimplemented } from "./unary.ts";

export interface ServiceDeps {
  resource: PromotionResource;
  operations: Operations;
  log: EngineLog;
}

/** Pulumi's provider protocol over {@link PromotionResource}. */
export function providerService({
  resource,
  operations,
  log,
}: ServiceDeps): IResourceProviderServer {
  return {
    handshake: unary(async (request: messages.ProviderHandshakeRequest) => {
      log.connect(request.getEngineAddress());
      const response = new messages.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      return response;
    }),
    attach: unary(async (request: pluginMessages.PluginAttach) => {
      log.connect(request.getAddress());
      return new empty.Empty();
    }),
    getPluginInfo: unary(async () => {
      const response = new pluginMessages.PluginInfo();
      response.setVersion(version);
      return response;
    }),
    getSchema: unary(async () => {
      const response = new messages.GetSchemaResponse();
      response.setSchema(JSON.stringify(schema));
      return response;
    }),
    checkConfig: unary(async (request: messages.CheckRequest) => {
      const response = new messages.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: unary(async () => {
      const response = new messages.DiffResponse();
      response.setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE);
      return response;
    }),
    configure: unary(async () => {
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    }),

    check: unary(async (request: messages.CheckRequest) => {
      requirePromotion(request.getUrn());
      const { inputs, failing } = resource.check(fromStruct(request.getNews()));
      const response = new messages.CheckResponse();
      response.setInputs(toStruct(inputs));
      for (const { property, reason } of failing) {
        const failure = new messages.CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        response.addFailures(failure);
      }
      return response;
    }),
    diff: unary(async (request: messages.DiffRequest) => {
      const { changes } = resource.diff(
        fromStruct(request.getOldInputs()),
        fromStruct(request.getOlds()),
        fromStruct(request.getNews()),
      );
      return diffResponse(changes);
    }),
    create: unary(async (request: messages.CreateRequest, call) => {
      const news = fromStruct(request.getProperties());
      const response = new messages.CreateResponse();
      if (request.getPreview()) {
        response.setProperties(toStruct(resource.preview(news)));
        return response;
      }
      const id = request.getName() || nameIn(request.getUrn());
      const created = await operate(call, request, (operation) =>
        resource.create(news, operation).catch(asInitFailed(id)),
      );
      response.setId(id);
      response.setProperties(toStruct(created));
      return response;
    }),
    update: unary(async (request: messages.UpdateRequest, call) => {
      const inputs = fromStruct(request.getOldInputs());
      const outputs = fromStruct(request.getOlds());
      const news = fromStruct(request.getNews());
      const response = new messages.UpdateResponse();
      const updated = request.getPreview()
        ? resource.preview(news, { inputs, outputs })
        : await operate(call, request, (operation) =>
            resource.update(inputs, outputs, news, operation).catch(asInitFailed(request.getId())),
          );
      response.setProperties(toStruct(updated));
      return response;
    }),
    read: unary(async (request: messages.ReadRequest) => {
      const read = await resource.read(fromStruct(request.getProperties()));
      const response = new messages.ReadResponse();
      // The engine takes an empty id for "it is gone".
      if (!read) return response;
      response.setId(request.getId());
      response.setProperties(toStruct(read));
      response.setInputs(request.getInputs());
      return response;
    }),
    delete: unary(async (request: messages.DeleteRequest, call) => {
      const olds = fromStruct(request.getProperties());
      await operate(call, request, (operation) => resource.delete(olds, operation));
      return new empty.Empty();
    }),
    cancel: unary(async () => {
      operations.cancel("cancelled");
      return new empty.Empty();
    }),

    invoke: unary(unimplemented("functions")),
    call: unary(unimplemented("methods")),
    construct: unary(unimplemented("components")),
    parameterize: unary(unimplemented("parameters")),
    getMapping: unary(unimplemented("mappings")),
    getMappings: unary(unimplemented("mappings")),
    list: (call) => {
      call.emit("error", { code: grpc.status.UNIMPLEMENTED, details: "rollout lists nothing" });
    },
  };

  function operate<T>(
    call: grpc.ServerUnaryCall<unknown, unknown>,
    request: { getUrn(): string; getTimeout(): number },
    work: (operation: Operation) => Promise<T>,
  ): Promise<T> {
    const report = (message: string) => log.progress(request.getUrn(), message);
    const announce = (message: string) => log.announce(request.getUrn(), message);
    const timeoutSeconds = request.getTimeout();
    return operations.run(
      (callback) => call.on("cancelled", callback),
      (signal) => work({ signal, timeoutSeconds, report, announce }),
    );
  }
}

/** What failed and has left something to remember, in the engine's own form. */
function asInitFailed(id: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof PartlyDone ? initFailed(id, error) : error;
  };
}

function requirePromotion(urn: string): void {
  if (urn.includes(`${promotionToken}::`)) return;
  throw new Error(`${urn}: the rollout provider has only the type ${promotionToken}`);
}

function nameIn(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}
