import { isDeepStrictEqual } from "node:util";
import type { ProxyConfig } from "../elb/wire.ts";
import { GoogleError } from "../googleError.ts";
import { Conditions } from "./conditions.ts";
import { notFound } from "./names.ts";
import type { RevisionTemplate, ServiceInput } from "./resources.ts";
import { RunRevision } from "./revision.ts";
import { revisionName } from "./revisionNames.ts";
import { namedRevisions, noRoutes, type Routes, routesOf } from "./routes.ts";
import type { RunContext } from "./runContext.ts";
import { sameTemplate } from "./sameTemplate.ts";
import { shareOfService } from "./scaling.ts";
import { serviceProxy, tagDoor } from "./serviceProxy.ts";
import { defaultMaxInstances } from "./validateService.ts";

export interface RunServiceArgs {
  context: RunContext;
  /** Full name. */
  name: string;
  project: string;
  /** Short name. */
  id: string;
  uid: string;
  /** How often there has been a service of this name, this one included. */
  life: number;
  spec: ServiceInput;
}

/** A service: what is wanted of it, its revisions, and where its requests go. */
export class RunService {
  readonly args: RunServiceArgs;
  readonly createdAt: number;
  readonly conditions: Conditions;
  spec: ServiceInput;
  updatedAt: number;
  generation = 1;
  observedGeneration = 0;
  /** In the order in which they were made. */
  revisions: RunRevision[] = [];
  routes: Routes = noRoutes;
  deleted = false;
  #made = 0;
  #weights = "[]";
  #annotations: Record<string, string> = {};
  readonly #tagged = new Map<string, string>();
  /** Told when the newest revision has settled and the routes have been made. */
  #waiting: ((error: GoogleError | undefined) => void)[] = [];

  constructor(args: RunServiceArgs) {
    this.args = args;
    this.spec = args.spec;
    this.createdAt = args.context.clock.now();
    this.updatedAt = this.createdAt;
    this.conditions = new Conditions(() => args.context.clock.now());
    this.#beginReconciling();
  }

  get etag(): string {
    return `"${Buffer.from(`${this.args.uid}/${this.generation}`).toString("base64url")}"`;
  }

  get latestCreated(): RunRevision | undefined {
    return this.revisions.findLast(({ state }) => state !== "deleted");
  }

  get latestReady(): RunRevision | undefined {
    return this.revisions.findLast(({ state }) => state === "ready");
  }

  /** It is not yet what it is wanted to be, and may become so. */
  get reconciling(): boolean {
    return this.#waiting.length > 0;
  }

  /** @throws GoogleError NOT_FOUND. */
  revision(name: string): RunRevision {
    const found = this.#find(name);
    if (!found) throw notFound("Revision", name);
    return found;
  }

  /**
   * Takes over what is wanted from now on.
   *
   * @returns what becomes of it, once that is certain.
   * @throws GoogleError ALREADY_EXISTS, where a revision's chosen name is taken.
   */
  change(spec: ServiceInput): Promise<GoogleError | undefined> {
    this.#checkChosenName(spec.template ?? {});
    if (this.#made > 0) this.generation += 1;
    this.spec = spec;
    this.updatedAt = this.args.context.clock.now();
    const outcome = new Promise<GoogleError | undefined>((resolve) => this.#waiting.push(resolve));
    this.#beginReconciling();
    const last = this.revisions.at(-1);
    const template = spec.template ?? {};
    if (!last || last.state === "deleted" || !sameTemplate(last.args.template, template)) {
      this.#makeRevision(template);
    }
    void this.#reconcile();
    return outcome;
  }

  /** Where its requests come in. */
  get url(): string | undefined {
    return this.args.context.frontEnd.url(this.args.name);
  }

  tagUrl(tag: string): string | undefined {
    return this.args.context.frontEnd.url(tagDoor(this.args.name, tag));
  }

  proxyConfig(): ProxyConfig {
    const served = this.revisions.filter(
      ({ state, instances }) => instances.length > 0 || state === "starting" || state === "ready",
    );
    return serviceProxy(this.args.name, this.routes, served);
  }

  /** Nothing reaches it any more, and its instances end. */
  async delete(): Promise<void> {
    this.deleted = true;
    this.routes = noRoutes;
    await this.args.context.frontEnd.commit();
    this.#recordRoutes();
    this.#tell(new GoogleError("ABORTED", `Resource '${this.args.id}' was deleted.`));
    await Promise.all(this.revisions.map((revision) => revision.delete()));
  }

  /** @throws GoogleError NOT_FOUND; FAILED_PRECONDITION for one that traffic may go to. */
  async deleteRevision(name: string): Promise<void> {
    const revision = this.revision(name);
    const { percents, tags } = this.routes;
    if (
      percents.has(name) ||
      [...tags.values()].includes(name) ||
      revision === this.latestCreated
    ) {
      throw new GoogleError(
        "FAILED_PRECONDITION",
        `Revision '${name}' can't be deleted: it is the latest created one, or traffic or a tag points to it.`,
      );
    }
    await revision.delete();
  }

  #beginReconciling(): void {
    for (const type of ["Ready", "RoutesReady", "ConfigurationsReady"]) {
      this.conditions.set(type, { state: "CONDITION_RECONCILING" });
    }
  }

  #find(name: string): RunRevision | undefined {
    return this.revisions.find((one) => one.name === name && one.state !== "deleted");
  }

  #checkChosenName({ revision: name, ...template }: RevisionTemplate): void {
    const taken = name ? this.#find(name) : undefined;
    if (!taken || sameTemplate(taken.args.template, { revision: name, ...template })) return;
    throw new GoogleError(
      "ALREADY_EXISTS",
      `Revision named '${name}' with different configuration already exists.`,
    );
  }

  #makeRevision(template: RevisionTemplate): void {
    const { context, project, name: serviceName, id: service, life } = this.args;
    this.#made += 1;
    const name = template.revision || revisionName(service, this.#made, context.seed, life);
    const revision: RunRevision = new RunRevision({
      context,
      project,
      serviceName,
      service,
      name,
      uid: context.ids.hex(32),
      generation: this.#made,
      template: structuredClone(template),
      bounds: () => this.#boundsOf(revision),
      onChange: () => context.frontEnd.commit(),
      onSettled: () => void this.#reconcile(),
    });
    this.revisions.push(revision);
  }

  /** Makes routes of what is declared, and says how it stands. */
  async #reconcile(): Promise<void> {
    if (this.deleted) return;
    const newest = this.latestCreated;
    const routed = this.#route();
    await this.args.context.frontEnd.commit();
    this.#recordRoutes();
    this.#recordAnnotations();
    for (const revision of this.revisions) revision.reconcile();
    if (newest?.state === "starting" || newest !== this.latestCreated) return;
    const configured = newest && this.#configurationError(newest);
    this.#conclude("ConfigurationsReady", configured, "REVISION_FAILED");
    this.#conclude("RoutesReady", routed, "REVISION_FAILED");
    const error = configured ?? routed;
    this.#conclude("Ready", error, "REVISION_FAILED");
    if (!error) this.observedGeneration = this.generation;
    this.#tell(error);
  }

  #tell(error: GoogleError | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const tell of waiting) tell(error);
  }

  /** Routes stay as they are where one of them can't be made. */
  #route(): GoogleError | undefined {
    const declared = this.spec.traffic ?? [];
    for (const name of namedRevisions(declared)) {
      const named = this.#find(name);
      if (!named) {
        return new GoogleError(
          "INTERNAL",
          `Revision '${name}' does not exist or is deleted. Update all traffic to route to currently available revisions.`,
        );
      }
      if (named.state === "failed") return this.#configurationError(named);
      // It may become ready, and then the routes are made.
      if (named.state === "starting") return undefined;
    }
    this.routes = routesOf(declared, this.latestReady?.name);
    return undefined;
  }

  #configurationError({ failure, failureText = "" }: RunRevision): GoogleError | undefined {
    if (!failure) return undefined;
    const isMissing = failure.kind === "missing";
    return new GoogleError(isMissing ? "NOT_FOUND" : "FAILED_PRECONDITION", failureText);
  }

  #conclude(type: string, error: GoogleError | undefined, reason: string): void {
    this.conditions.set(
      type,
      error
        ? { state: "CONDITION_FAILED", message: error.message, reason }
        : { state: "CONDITION_SUCCEEDED" },
    );
  }

  #recordAnnotations(): void {
    const { context, id: service } = this.args;
    const { annotations = {} } = this.spec;
    if (isDeepStrictEqual(annotations, this.#annotations)) return;
    this.#annotations = annotations;
    context.journal.record({ kind: "annotations", service, annotations });
  }

  /** Traffic that moves is told of; that a revision is named beside it changes nothing. */
  #recordRoutes(): void {
    const { context, name: rule, id: service } = this.args;
    const positive = [...this.routes.percents]
      .filter(([, percent]) => percent > 0)
      .toSorted(([one], [other]) => (one < other ? -1 : 1));
    if (JSON.stringify(positive) !== this.#weights) {
      this.#weights = JSON.stringify(positive);
      const weights = Object.fromEntries(this.routes.percents);
      context.journal.record({ kind: "weights", rule, service, traffic: "production", weights });
    }
    for (const [tag, revision] of this.routes.tags) {
      if (this.#tagged.get(tag) === revision) continue;
      this.#tagged.set(tag, revision);
      const weights = { [revision]: 100 };
      const door = tagDoor(rule, tag);
      context.journal.record({ kind: "weights", rule: door, service, traffic: "test", weights });
    }
    for (const tag of this.#tagged.keys()) {
      if (!this.routes.tags.has(tag)) this.#tagged.delete(tag);
    }
  }

  /**
   * A revision keeps its own minimum while traffic or a tag leads to it, and its share of the service's minimum while it
   * has traffic; with a tag alone it keeps one of those.
   */
  #boundsOf(revision: RunRevision): { min: number; max: number; isAddressable: boolean } {
    const { template } = revision.args;
    const { spec } = this;
    // One that is being made has what will be its own when it is ready.
    const isComing = revision.state === "starting";
    const routes = isComing ? routesOf(spec.traffic ?? [], revision.name) : this.routes;
    const percent = routes.percents.get(revision.name) ?? 0;
    const isTagged = [...routes.tags.values()].includes(revision.name);
    const isAddressable = percent > 0 || isTagged;
    const ofService = spec.scaling?.minInstanceCount ?? 0;
    const share = percent > 0 ? shareOfService(ofService, percent) : Math.min(ofService, 1);
    const own = template.scaling?.minInstanceCount ?? 0;
    const most = template.scaling?.maxInstanceCount || defaultMaxInstances;
    const mostOfService = spec.scaling?.maxInstanceCount || Number.POSITIVE_INFINITY;
    const max = percent > 0 ? Math.min(most, shareOfService(mostOfService, percent)) : most;
    return { min: isAddressable ? Math.min(Math.max(own, share), max) : 0, max, isAddressable };
  }
}
