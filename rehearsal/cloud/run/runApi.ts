import { GoogleError } from "../googleError.ts";
import { checkServiceId, notFound, parseParent, parseServiceName, shortName } from "./names.ts";
import { Operations } from "./operations.ts";
import type { Operation, Revision, Service, ServiceInput } from "./resources.ts";
import type { RunRevision } from "./revision.ts";
import type { RunContext } from "./runContext.ts";
import { RunService } from "./runService.ts";
import { revisionShape, serviceShape } from "./shapes.ts";
import { masked } from "./updateMask.ts";
import { checkService } from "./validateService.ts";
import { withDefaults } from "./withDefaults.ts";

/** The Admin API v2 of Cloud Run, by the shapes of its REST JSON. */
export class RunApi {
  /** By full name. */
  protected readonly services: Map<string, RunService>;
  protected readonly context: RunContext;
  readonly #operations: Operations;
  /** Full name → how often there has been a service of that name. */
  readonly #lives = new Map<string, number>();

  constructor(context: RunContext, services: Map<string, RunService>) {
    this.context = context;
    this.services = services;
    this.#operations = new Operations(context.ids);
  }

  /** @throws GoogleError INVALID_ARGUMENT, ALREADY_EXISTS. */
  async createService(request: {
    parent: string;
    serviceId: string;
    service: ServiceInput;
    validateOnly?: boolean;
  }): Promise<Operation> {
    const { parent, serviceId, service, validateOnly } = request;
    const place = parseParent(parent);
    checkServiceId(serviceId);
    checkService(service, serviceId);
    const name = `${parent}/services/${serviceId}`;
    if (this.services.has(name)) {
      throw new GoogleError("ALREADY_EXISTS", `Resource '${serviceId}' already exists.`);
    }
    if (validateOnly) return this.#validated(place, name);
    const spec = this.#specOf(service);
    const context = this.context;
    const uid = context.ids.hex(32);
    const life = (this.#lives.get(name) ?? 0) + 1;
    this.#lives.set(name, life);
    const created = new RunService({
      context,
      name,
      project: place.project,
      id: serviceId,
      uid,
      life,
      spec,
    });
    this.services.set(name, created);
    // Its URL is known from here on.
    await context.frontEnd.commit();
    return this.#change(created, spec);
  }

  /**
   * @param updateMask - fields that are changed. Default: the request is the whole service.
   * @throws GoogleError NOT_FOUND; ABORTED for an etag that is not the present one; INVALID_ARGUMENT.
   */
  async updateService(request: {
    service: ServiceInput & { name: string };
    updateMask?: string;
    allowMissing?: boolean;
    validateOnly?: boolean;
  }): Promise<Operation> {
    const { service, updateMask, allowMissing, validateOnly } = request;
    const { project, location, service: serviceId } = parseServiceName(service.name);
    if (allowMissing && !this.services.has(service.name)) {
      const parent = `projects/${project}/locations/${location}`;
      return this.createService({ parent, serviceId, service, validateOnly });
    }
    const present = this.#service(service.name);
    this.#checkEtag(present, service.etag);
    const wanted = masked(present.spec, service, updateMask);
    checkService(wanted, serviceId);
    if (validateOnly) return this.#validated({ project, location }, service.name);
    return this.#change(present, this.#specOf(wanted));
  }

  /** @throws GoogleError NOT_FOUND, ABORTED. */
  async deleteService({ name, etag }: { name: string; etag?: string }): Promise<Operation> {
    const service = this.#service(name);
    this.#checkEtag(service, etag);
    const shape = withType(serviceShape(service));
    const operation = this.#operations.begin(parseServiceName(name), shape);
    void service.delete().then(async () => {
      this.services.delete(name);
      await this.context.frontEnd.commit();
      this.#operations.succeed(operation, shape);
    });
    return { ...operation };
  }

  /** @throws GoogleError NOT_FOUND. */
  async getService({ name }: { name: string }): Promise<Service> {
    return serviceShape(this.#service(name));
  }

  async listServices({ parent }: { parent: string }): Promise<{ services: Service[] }> {
    parseParent(parent);
    const inside = [...this.services.values()].filter(
      ({ args, deleted }) => !deleted && args.name.startsWith(`${parent}/services/`),
    );
    return { services: inside.toReversed().map(serviceShape) };
  }

  /** @throws GoogleError NOT_FOUND. */
  async getRevision({ name }: { name: string }): Promise<Revision> {
    return revisionShape(this.#revision(name).revision);
  }

  /** The newest one first. @throws GoogleError NOT_FOUND. */
  async listRevisions({ parent }: { parent: string }): Promise<{ revisions: Revision[] }> {
    const revisions = this.#service(parent).revisions.filter(({ state }) => state !== "deleted");
    return { revisions: revisions.toReversed().map(revisionShape) };
  }

  /** @throws GoogleError NOT_FOUND; FAILED_PRECONDITION for one that traffic may go to. */
  async deleteRevision({ name }: { name: string }): Promise<Operation> {
    const { service, revision } = this.#revision(name);
    const shape = withType(revisionShape(revision), "Revision");
    await service.deleteRevision(revision.name);
    const operation = this.#operations.begin(parseServiceName(service.args.name), shape);
    this.#operations.succeed(operation, shape);
    return { ...operation };
  }

  /** @throws GoogleError NOT_FOUND. */
  async getOperation({ name }: { name: string }): Promise<Operation> {
    return { ...this.#operations.get(name) };
  }

  /**
   * Answers when it is done.
   *
   * @param timeout - cloud time after which it is answered as it stands, such as `30s`. Default: none.
   * @throws GoogleError NOT_FOUND.
   */
  async waitOperation({ name, timeout }: { name: string; timeout?: string }): Promise<Operation> {
    const seconds = Number.parseFloat(timeout ?? "0");
    const { clock, signal } = this.context;
    const patience = seconds > 0 ? clock.sleep(seconds, signal) : new Promise(() => {});
    await Promise.race([this.#operations.done(name), patience.catch(() => undefined)]);
    return this.getOperation({ name });
  }

  #change(service: RunService, spec: ServiceInput): Operation {
    const outcome = service.change(spec);
    const metadata = withType(serviceShape(service));
    const operation = this.#operations.begin(parseServiceName(service.args.name), metadata);
    void outcome.then((error) => {
      if (error) this.#operations.fail(operation, error);
      else this.#operations.succeed(operation, withType(serviceShape(service)));
    });
    return { ...operation };
  }

  #specOf({ name: _name, etag: _etag, ...service }: ServiceInput): ServiceInput {
    return withDefaults(structuredClone(service), this.context.projectNumber);
  }

  #validated(place: { project: string; location: string }, name: string): Operation {
    const operation = this.#operations.begin(place, {});
    this.#operations.succeed(operation, { ...withType({}), name });
    return { ...operation };
  }

  #service(name: string): RunService {
    parseServiceName(name);
    const service = this.services.get(name);
    if (!service || service.deleted) throw notFound("Service", name);
    return service;
  }

  #revision(name: string): { service: RunService; revision: RunRevision } {
    const service = this.#service(name.replace(/\/revisions\/[^/]+$/, ""));
    return { service, revision: service.revision(shortName(name)) };
  }

  #checkEtag({ etag: present, args }: RunService, etag: string | undefined): void {
    if (!etag || etag === present) return;
    throw new GoogleError(
      "ABORTED",
      `Conflict for resource '${args.id}': version '${etag}' was specified but current version is '${present}'.`,
    );
  }
}

function withType<T extends object>(value: T, type = "Service"): T & { "@type": string } {
  return { "@type": `type.googleapis.com/google.cloud.run.v2.${type}`, ...value };
}
