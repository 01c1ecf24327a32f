import type {
  CreateServiceRequest,
  DeleteServiceRequest,
  UpdateServiceRequest,
} from "@aws-sdk/client-ecs";
import { AwsError } from "../awsError.ts";
import { nameOf } from "./arns.ts";
import type { Capacity } from "./capacity.ts";
import type { Clusters } from "./clusters.ts";
import type { DeploymentRun } from "./deploymentRun.ts";
import { EcsService, type FirstFailureEnd } from "./ecsService.ts";
import { AddressBook } from "./network.ts";
import type { EcsContext } from "./ports.ts";
import { ServiceConnect } from "./serviceConnect.ts";
import { createdSpec, refuseUnknownParameters, updatedSpec } from "./serviceSpec.ts";
import type { Task } from "./task.ts";
import type { TaskDefinitions } from "./taskDefinitions.ts";
import { checkStrategyChange } from "./validateDeployment.ts";
import { validateService } from "./validateService.ts";

export interface ServicesArgs {
  context: EcsContext;
  capacity: Capacity;
  clusters: Clusters;
  definitions: TaskDefinitions;
  firstFailureEndsAs: FirstFailureEnd;
}

/** The services of all clusters, those that are gone included: they can be described for a while. */
export class Services {
  readonly all: EcsService[] = [];
  readonly #args: ServicesArgs;
  readonly #addresses = new AddressBook();
  readonly #connect: ServiceConnect;

  constructor(args: ServicesArgs) {
    this.#args = args;
    this.#connect = new ServiceConnect(args.context, () => this.all);
  }

  get tasks(): Task[] {
    return this.all.flatMap(({ taskSets }) => taskSets.flatMap(({ tasks }) => tasks));
  }

  /** Names of a cluster's services that are not INACTIVE. */
  namesIn(clusterName: string): string[] {
    return this.all
      .filter(({ status, args }) => status !== "INACTIVE" && args.cluster.name === clusterName)
      .map(({ name }) => name);
  }

  async create(input: CreateServiceRequest): Promise<EcsService> {
    const { context, capacity, clusters, definitions, firstFailureEndsAs } = this.#args;
    const { serviceName = "" } = input;
    refuseUnknownParameters(input);
    const { clusterName, clusterArn } = clusters.get(input.cluster);
    checkIdentity(input);
    const existing = this.find(clusterName, serviceName);
    if (existing?.status === "ACTIVE") throw invalid("Creation of service was not idempotent.");
    if (existing) throw invalid("Unable to Start a service that is still Draining.");
    const definition = definitions.resolveActive(input.taskDefinition ?? "");
    const spec = createdSpec(input, definition.taskDefinitionArn ?? "");
    const providers = clusters.providersOf(clusterName, spec.capacityProviderStrategy);
    await validateService(spec, definition, providers, context);
    this.#connect.checkNames(spec);
    const service = new EcsService({
      context,
      capacity,
      connect: this.#connect,
      addresses: this.#addresses,
      name: serviceName,
      cluster: { name: clusterName, arn: clusterArn },
      spec,
      providersOf: ({ capacityProviderStrategy }) =>
        clusters.providersOf(clusterName, capacityProviderStrategy),
      firstFailureEndsAs,
    });
    this.all.push(service);
    service.deploy(spec, definition);
    return service;
  }

  async update(input: UpdateServiceRequest): Promise<EcsService> {
    const { context, clusters, definitions } = this.#args;
    refuseUnknownParameters(input);
    const service = this.get(input.cluster, input.service ?? "");
    if (service.status !== "ACTIVE") {
      throw new AwsError("ServiceNotActiveException", "Service was not ACTIVE.");
    }
    const named =
      input.taskDefinition === undefined
        ? undefined
        : definitions.resolveActive(input.taskDefinition);
    const { spec, startsDeployment } = updatedSpec(service.spec, input, named?.taskDefinitionArn);
    const definition = named ?? definitions.describe(spec.taskDefinition).taskDefinition;
    const providers = clusters.providersOf(
      service.args.cluster.name,
      spec.capacityProviderStrategy,
    );
    checkStrategyChange({
      from: service.spec.deploymentConfiguration,
      to: spec.deploymentConfiguration,
      inFlight: service.inFlight !== undefined,
      balancers: service.live?.spec.loadBalancers ?? [],
    });
    await validateService(spec, definition, providers, context);
    this.#connect.checkNames(spec, service);
    const resized = spec.desiredCount !== service.spec.desiredCount;
    service.spec = spec;
    if (resized) service.scale(spec.desiredCount);
    if (startsDeployment) service.deploy(spec, definition);
    return service;
  }

  /** @throws when no task runs on Fargate Spot. */
  interruptSpot(): string {
    const task = this.tasks.find(
      ({ provider, lastStatus, desiredStatus }) =>
        provider === "FARGATE_SPOT" && lastStatus === "RUNNING" && desiredStatus === "RUNNING",
    );
    if (!task) throw new Error("No task can be taken back: none runs on Fargate Spot.");
    void task.interrupt();
    return task.arn;
  }

  delete({ cluster, service, force }: DeleteServiceRequest): EcsService {
    const found = this.get(cluster, service ?? "");
    if (force !== true && found.spec.desiredCount > 0) {
      throw invalid("The service cannot be stopped while it is scaled above 0.");
    }
    if (found.status === "ACTIVE") void found.delete();
    return found;
  }

  find(clusterName: string, name: string): EcsService | undefined {
    return this.all.find(
      (service) =>
        service.status !== "INACTIVE" &&
        service.args.cluster.name === clusterName &&
        service.name === nameOf(name),
    );
  }

  /** @throws AwsError ClusterNotFoundException, ServiceNotFoundException. */
  get(cluster: string | undefined, name: string): EcsService {
    const { clusterName } = this.#args.clusters.get(cluster);
    const service = this.find(clusterName, name);
    if (service) return service;
    throw new AwsError("ServiceNotFoundException", "Service not found.");
  }

  run(arn: string): DeploymentRun | undefined {
    return this.all.flatMap(({ runs }) => runs).find((run) => run.arn === arn);
  }

  /** @throws AwsError ServiceDeploymentNotFoundException. */
  deployment(arn: string): DeploymentRun {
    const run = this.run(arn);
    if (run) return run;
    throw new AwsError(
      "ServiceDeploymentNotFoundException",
      "The service deployment does not exist.",
    );
  }

  inventory(): string[] {
    return [
      ...this.all
        .filter(({ status }) => status !== "INACTIVE")
        .map(({ name }) => `service ${name}`),
      ...this.tasks
        .filter(({ lastStatus }) => lastStatus !== "STOPPED")
        .map(({ id, args }) => `task ${args.service}/${id}`),
    ];
  }

  /** Tasks on instances that are gone are gone too. */
  instancesChanged(existing: ReadonlySet<string>): void {
    for (const service of this.all) {
      for (const set of service.taskSets) set.instancesChanged(existing);
    }
  }
}

function checkIdentity(input: CreateServiceRequest): void {
  const { serviceName = "", launchType, capacityProviderStrategy, schedulingStrategy } = input;
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(serviceName)) {
    throw invalid(`serviceName '${serviceName}' must be 1 to 255 letters, digits, _ or -.`);
  }
  if (launchType && capacityProviderStrategy?.length) {
    throw invalid("Specifying both a launch type and capacity provider strategy is not supported.");
  }
  if (launchType && launchType !== "EC2") {
    throw unsupported(`Launch type ${launchType} is not rehearsed; use a capacity provider.`);
  }
  if (schedulingStrategy && schedulingStrategy !== "REPLICA") {
    throw unsupported(`Scheduling strategy ${schedulingStrategy} is not rehearsed; use REPLICA.`);
  }
  const controller = input.deploymentController?.type ?? "ECS";
  if (controller !== "ECS") {
    throw unsupported(`Deployment controller ${controller} is not rehearsed; use ECS.`);
  }
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}

function unsupported(message: string): AwsError {
  return new AwsError("UnsupportedFeatureException", message);
}
