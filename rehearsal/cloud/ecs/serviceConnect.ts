import type { ServiceConnectService } from "@aws-sdk/client-ecs";
import { AwsError } from "../awsError.ts";
import type { CallGroup, CallRoute } from "../elb/calls.ts";
import type { EcsService } from "./ecsService.ts";
import type { EcsContext } from "./ports.ts";
import type { Revision } from "./revision.ts";
import type { ServiceSpec } from "./serviceSpec.ts";
import type { Task } from "./task.ts";
import type { TaskArgs } from "./taskArgs.ts";

/** What a task calls, and what that is. */
export interface Alias {
  /** `//insurance:8000`, as it stands in a URL. */
  name: string;
  /** Namespace and discovery name. */
  endpoint: string;
}

interface Endpoint extends Alias {
  service: EcsService;
  connect: ServiceConnectService;
}

/** The way of one service's calls to one endpoint, kept as long as the service. */
interface Door extends Alias {
  client: EcsService;
}

/** The value of ECS, where a service names no time-out. */
const idleTimeoutSeconds = 300;
/** Leads to a candidate where a service has no test rule of its own. */
const defaultTestHeader = "x-amzn-ecs-blue-green-test";

/** Calls between services: who can be called by which name, and the tasks that the calls go to. */
export class ServiceConnect {
  readonly #context: EcsContext;
  readonly #services: () => readonly EcsService[];
  readonly #doors = new Map<string, Door>();
  /** By service: the revision that calls first went to. */
  readonly #first = new Map<EcsService, Revision>();
  #text = "[]";
  #applied: Promise<Record<string, number>> = Promise.resolve({});
  #scheduled = false;

  /** @param services - all that there are, those that are gone included. */
  constructor(context: EcsContext, services: () => readonly EcsService[]) {
    this.#context = context;
    this.#services = services;
  }

  /**
   * @param owner - whose spec it is; undefined: it is to be made.
   * @throws AwsError InvalidParameterException, when another service of the namespace has one of the names.
   */
  checkNames(spec: ServiceSpec, owner?: EcsService): void {
    const wanted = endpointOf(spec);
    if (!wanted) return;
    for (const { service, endpoint, name } of this.#endpoints()) {
      if (service === owner) continue;
      if (endpoint === wanted.endpoint) {
        throw invalid(`SC service is already used by ${service.arn}: ${endpoint}.`);
      }
      const isNear = namespaceOf(service.spec) === namespaceOf(spec);
      if (isNear && name === wanted.name) {
        throw invalid(`The client alias ${name} is already used by ${service.arn}.`);
      }
    }
  }

  /** What the tasks of a revision that is made now find for as long as there are any. */
  aliasesFor(spec: ServiceSpec): Alias[] {
    const namespace = namespaceOf(spec);
    if (namespace === undefined) return [];
    return this.#endpoints()
      .filter(({ service }) => namespaceOf(service.spec) === namespace)
      .map(({ name, endpoint }) => ({ name, endpoint }));
  }

  /** Where a revision's tasks find what they call, and who is told that one of them goes. */
  forTasks(
    client: EcsService,
    { aliases, spec }: Revision,
  ): Pick<TaskArgs, "aliases" | "onWithdrawn"> {
    return {
      ...(aliases.length > 0 && { aliases: () => this.#open(client, aliases) }),
      ...(endpointOf(spec) && { onWithdrawn: () => this.publish() }),
    };
  }

  /** @returns by name: the loopback port at which a task of `client` finds it. */
  async #open(client: EcsService, aliases: readonly Alias[]): Promise<Map<string, number>> {
    const fresh = aliases.filter(({ endpoint }) => !this.#doors.has(doorId(client, endpoint)));
    for (const alias of fresh)
      this.#doors.set(doorId(client, alias.endpoint), { ...alias, client });
    const ports = await this.#publish();
    const portOf = ({ endpoint }: Alias) => ports[doorId(client, endpoint)] ?? 0;
    for (const alias of fresh) {
      this.#context.journal.record({
        kind: "alias",
        service: client.name,
        alias: alias.name,
        port: portOf(alias),
      });
    }
    return new Map(aliases.map((alias) => [alias.name, portOf(alias)]));
  }

  /** Calls go where they should by now; it is so when this resolves. */
  async publish(): Promise<void> {
    await this.#publish();
  }

  /** Something has changed that nobody waits for. */
  changed(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      // Once the control plane has closed nobody is left to be told.
      this.#publish().catch(() => undefined);
    });
  }

  #publish(): Promise<Record<string, number>> {
    const routes = this.#routes();
    const text = JSON.stringify(routes);
    if (text !== this.#text) {
      this.#text = text;
      this.#applied = this.#context.loadBalancing.applyCalls(routes);
    }
    return this.#applied;
  }

  #endpoints(): Endpoint[] {
    return this.#services()
      .filter(({ status }) => status !== "INACTIVE")
      .flatMap((service) => {
        const endpoint = endpointOf(service.spec);
        return endpoint ? [{ ...endpoint, service }] : [];
      });
  }

  #routes(): CallRoute[] {
    const endpoints = this.#endpoints();
    return [...this.#doors].flatMap(([id, { client, endpoint }]) => {
      if (client.status === "INACTIVE") return [];
      const called = endpoints.find((one) => one.endpoint === endpoint);
      const { timeout, clientAliases: [alias] = [] } = called?.connect ?? {};
      const { name = defaultTestHeader, value } = alias?.testTrafficRules?.header ?? {};
      return [
        {
          id,
          idleTimeoutSeconds: timeout?.idleTimeoutSeconds ?? idleTimeoutSeconds,
          testHeader: { name, ...(value?.exact !== undefined && { value: value.exact }) },
          groups: called ? this.#groups(client, called) : [],
        },
      ];
    });
  }

  /** Of each revision that still has tasks, so that what these have in hand is not cut off. */
  #groups(client: EcsService, { service }: Endpoint): CallGroup[] {
    const { inFlight, live } = service;
    // Tasks of a revision from before there was an endpoint have no proxy that takes calls.
    const callable = service.revisions.filter((it) => it.taskSet && endpointOf(it.spec));
    const weightOf = ({ productionPercent, taskSet }: Revision) =>
      inFlight?.rolling ? (taskSet?.healthy ?? 0) : productionPercent;
    const staysBehind = this.#context.sabotage.callsStayBehind === true;
    const first = callable.find((revision) => weightOf(revision) > 0);
    if (first && !this.#first.has(service)) this.#first.set(service, first);
    return callable
      .filter(({ taskSet }) => staysBehind || taskSet?.idle === false)
      .map((revision) => ({
        id: revision.arn,
        weight: staysBehind ? Number(revision === this.#first.get(service)) : weightOf(revision),
        // There is no test traffic in a rolling deployment.
        test:
          revision === inFlight?.target &&
          !inFlight.rolling &&
          revision !== live &&
          revision.testPercent === 100,
        tasks: (revision.taskSet?.tasks ?? [])
          .filter((task) => task.healthy || (staysBehind && task.wasHealthy))
          .map((task) => this.#task(task, { client, revision })),
      }));
  }

  #task(task: Task, { client, revision }: { client: EcsService; revision: Revision }) {
    const { ip: toAddress = "" } = task;
    const port = ingressPort(revision);
    const reach = { from: groupsOf(client.spec), to: groupsOf(revision.spec), toAddress, port };
    const id = `${toAddress}:${port}`;
    return { id, port: this.#context.reaches(reach) ? task.port : null };
  }
}

/** What a service can be called by, as its spec says. */
function endpointOf(spec: ServiceSpec): Omit<Endpoint, "service"> | undefined {
  const connect = spec.serviceConnectConfiguration;
  const [service] = connect?.services ?? [];
  if (!connect?.enabled || !service) return undefined;
  const { discoveryName = service.portName, clientAliases: [alias] = [] } = service;
  return {
    name: `//${alias?.dnsName}:${alias?.port}`,
    endpoint: `${connect.namespace}/${discoveryName}`,
    connect: service,
  };
}

function namespaceOf({ serviceConnectConfiguration: connect }: ServiceSpec): string | undefined {
  return connect?.enabled ? connect.namespace : undefined;
}

function groupsOf({ networkConfiguration }: ServiceSpec): string[] {
  return networkConfiguration?.awsvpcConfiguration?.securityGroups ?? [];
}

/** Where the proxy takes calls: on the container's own port, unless it is told another one. */
function ingressPort({ spec, definition }: Revision): number {
  const { portName, ingressPortOverride } = endpointOf(spec)?.connect ?? {};
  const mappings = definition.containerDefinitions?.[0]?.portMappings ?? [];
  const mapping = mappings.find(({ name }) => name === portName);
  return ingressPortOverride ?? mapping?.containerPort ?? 0;
}

function doorId({ arn }: EcsService, endpoint: string): string {
  return `${arn} ${endpoint}`;
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}
