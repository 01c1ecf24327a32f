import { isDeepStrictEqual } from "node:util";
import type {
  CheckRequest,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  InvokeRequest,
  ReadRequest,
  UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import { fromStruct } from "../../provider/properties.ts";
import { AwsError } from "../cloud/awsError.ts";
import { type CheckArgs, checkInputs } from "./check.ts";
import { type Difference, diffInputs, needsNameFirst } from "./diff.ts";
import * as lifecycle from "./lifecycle.ts";
import { reveal, topOf } from "./properties.ts";
import type { Operation, ProviderArgs } from "./providerKind.ts";
import { PartialFailure, type ResourceType } from "./resourceType.ts";
import { failedInitialising, toStruct } from "./wire.ts";

/** The operations of one provider, in the engine's messages. */
export class ProviderOperations {
  readonly #args: ProviderArgs;
  readonly #types: Map<string, ResourceType>;

  constructor(args: ProviderArgs) {
    this.#args = args;
    this.#types = new Map(args.types.map((type) => [type.token, type]));
  }

  handshake() {
    const response = new proto.ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    response.setSupportsAutonamingConfiguration(true);
    return response;
  }

  configure() {
    const response = new proto.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    response.setSupportsAutonamingConfiguration(true);
    return response;
  }

  getSchema() {
    const response = new proto.GetSchemaResponse();
    response.setSchema(JSON.stringify({ name: this.#args.name, version: this.#args.version }));
    return response;
  }

  checkConfig(request: CheckRequest) {
    const response = new proto.CheckResponse();
    response.setInputs(request.getNews());
    return response;
  }

  diffConfig(request: DiffRequest) {
    const response = new proto.DiffResponse();
    const isEqual = isDeepStrictEqual(
      fromStruct(request.getOldInputs()),
      fromStruct(request.getNews()),
    );
    const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
    response.setChanges(isEqual ? DIFF_NONE : DIFF_SOME);
    return response;
  }

  async invoke(request: InvokeRequest) {
    const token = request.getTok();
    const { invokes = {}, world, table } = this.#args;
    const invoke = invokes[token];
    if (!invoke) {
      throw new Error(
        `The rehearsal does not know the function "${token}". Add it in ${table}, or do without it. ` +
          `Known: ${Object.keys(invokes).join(", ") || "none"}.`,
      );
    }
    const response = new proto.InvokeResponse();
    response.setReturn(toStruct(await invoke(reveal(fromStruct(request.getArgs())), world)));
    return response;
  }

  async check(request: CheckRequest) {
    const { type, name, world } = this.#subject(request.getUrn());
    const { inputs, failures } = await checkInputs({
      type,
      name,
      world,
      olds: reveal(fromStruct(request.getOlds())),
      news: fromStruct(request.getNews()),
      autonaming: autonamingOf(request),
    });
    const response = new proto.CheckResponse();
    response.setInputs(toStruct(inputs));
    response.setFailuresList(
      failures.map(({ property, reason }) => {
        const failure = new proto.CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        return failure;
      }),
    );
    return response;
  }

  diff(request: DiffRequest) {
    const { type } = this.#subject(request.getUrn());
    const olds = reveal(fromStruct(request.getOldInputs()));
    const news = reveal(fromStruct(request.getNews()));
    const differences = diffInputs(type, olds, news);
    const response = new proto.DiffResponse();
    const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
    response.setChanges(differences.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setHasdetaileddiff(true);
    for (const difference of differences) {
      const detail = new proto.PropertyDiff();
      detail.setKind(kindOf(difference));
      detail.setInputdiff(true);
      response.getDetaileddiffMap().set(difference.path, detail);
    }
    const replaces = differences.filter((difference) => difference.replaces);
    response.setDiffsList([...new Set(differences.map(({ path }) => topOf(path)))]);
    response.setReplacesList([...new Set(replaces.map(({ path }) => topOf(path)))]);
    if (replaces.length > 0) response.setDeletebeforereplace(needsNameFirst(type, olds, news));
    return response;
  }

  async create(request: CreateRequest) {
    const subject = this.#subject(request.getUrn());
    const inputs = fromStruct(request.getProperties());
    const response = new proto.CreateResponse();
    if (request.getPreview()) {
      response.setProperties(toStruct(lifecycle.previewCreate(subject, inputs)));
      return response;
    }
    const { id, outputs } = await this.#operate("create", subject, inputs, () =>
      lifecycle.create(subject, inputs),
    );
    response.setId(id);
    response.setProperties(toStruct(outputs));
    return response;
  }

  async read(request: ReadRequest) {
    const subject = this.#subject(request.getUrn());
    const response = new proto.ReadResponse();
    const found = await lifecycle.read(subject, request.getId(), {
      inputs: fromStruct(request.getInputs()),
      outputs: fromStruct(request.getProperties()),
    });
    if (!found) return response;
    response.setId(request.getId());
    response.setInputs(toStruct(found.inputs));
    response.setProperties(toStruct(found.outputs));
    return response;
  }

  async update(request: UpdateRequest) {
    const subject = this.#subject(request.getUrn());
    const inputs = fromStruct(request.getNews());
    const outputs = fromStruct(request.getOlds());
    const response = new proto.UpdateResponse();
    if (request.getPreview()) {
      response.setProperties(toStruct(lifecycle.previewUpdate(subject, outputs, inputs)));
      return response;
    }
    const olds = { inputs: fromStruct(request.getOldInputs()), outputs };
    const updated = await this.#operate("update", subject, inputs, () =>
      lifecycle.update(subject, request.getId(), olds, inputs),
    );
    response.setProperties(toStruct(updated));
    return response;
  }

  async delete(request: DeleteRequest) {
    const subject = this.#subject(request.getUrn());
    const inputs = fromStruct(request.getOldInputs());
    const outputs = fromStruct(request.getProperties());
    await this.#operate("delete", subject, inputs, () =>
      lifecycle.remove(subject, request.getId(), { inputs, outputs }),
    );
    return new emptyProto.Empty();
  }

  #subject(urn: string): lifecycle.Subject {
    const { name, token } = parseUrn(urn);
    const type = this.#types.get(token);
    if (type) return { type, urn, name, world: this.#args.world };
    throw new Error(
      `The rehearsal does not know the resource type "${token}" of "${name}". ` +
        `Add an entry for it in ${this.#args.table}: "inert" if it is enough that it is there, ` +
        `"behaves" if something in the rehearsal acts on it.`,
    );
  }

  async #operate<T>(
    kind: Operation["kind"],
    { type, name }: lifecycle.Subject,
    inputs: ReturnType<typeof fromStruct>,
    run: () => Promise<T>,
  ): Promise<T> {
    try {
      await this.#args.onOperation?.({ kind, token: type.token, name, inputs: reveal(inputs) });
      return await run();
    } catch (error) {
      if (error instanceof PartialFailure) {
        throw failedInitialising(error.message, { ...error.created, inputs });
      }
      if (!(error instanceof AwsError)) throw error;
      throw new AwsError(
        error.code,
        `${kind} ${type.token} "${name}": ${error.message}`,
        error.status,
      );
    }
  }
}

function autonamingOf(request: CheckRequest): CheckArgs["autonaming"] {
  const options = request.getAutonaming();
  if (!options) return undefined;
  const { DISABLE, ENFORCE } = proto.CheckRequest.AutonamingOptions.Mode;
  const mode = options.getMode();
  const name = options.getProposedName();
  return { mode: mode === DISABLE ? "disable" : mode === ENFORCE ? "enforce" : "propose", name };
}

function kindOf({ kind, replaces }: Difference) {
  const { Kind } = proto.PropertyDiff;
  if (kind === "add") return replaces ? Kind.ADD_REPLACE : Kind.ADD;
  if (kind === "delete") return replaces ? Kind.DELETE_REPLACE : Kind.DELETE;
  return replaces ? Kind.UPDATE_REPLACE : Kind.UPDATE;
}

/** `urn:pulumi:stack::project::parent$type::name`. */
function parseUrn(urn: string): { token: string; name: string } {
  const [, , types = "", ...names] = urn.split("::");
  return { token: types.split("$").at(-1) ?? "", name: names.join("::") };
}
