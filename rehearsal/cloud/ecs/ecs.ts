import type {
  ContinueServiceDeploymentRequest,
  ContinueServiceDeploymentResponse,
  CreateCapacityProviderRequest,
  CreateCapacityProviderResponse,
  CreateClusterRequest,
  CreateClusterResponse,
  CreateServiceRequest,
  CreateServiceResponse,
  DeleteCapacityProviderRequest,
  DeleteCapacityProviderResponse,
  DeleteClusterRequest,
  DeleteClusterResponse,
  DeleteServiceRequest,
  DeleteServiceResponse,
  DeregisterTaskDefinitionRequest,
  DeregisterTaskDefinitionResponse,
  DescribeCapacityProvidersRequest,
  DescribeCapacityProvidersResponse,
  DescribeClustersRequest,
  DescribeClustersResponse,
  DescribeServiceDeploymentsRequest,
  DescribeServiceDeploymentsResponse,
  DescribeServiceRevisionsRequest,
  DescribeServiceRevisionsResponse,
  DescribeServicesRequest,
  DescribeServicesResponse,
  DescribeTaskDefinitionRequest,
  DescribeTaskDefinitionResponse,
  DescribeTasksRequest,
  DescribeTasksResponse,
  ListServiceDeploymentsRequest,
  ListServiceDeploymentsResponse,
  ListTasksRequest,
  ListTasksResponse,
  PutClusterCapacityProvidersRequest,
  PutClusterCapacityProvidersResponse,
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
  StopServiceDeploymentRequest,
  StopServiceDeploymentResponse,
  UpdateServiceRequest,
  UpdateServiceResponse,
} from "@aws-sdk/client-ecs";
import { AwsError } from "../awsError.ts";
import { nameOf } from "./arns.ts";
import { Capacity } from "./capacity.ts";
import { Clusters } from "./clusters.ts";
import type { DeploymentRun } from "./deploymentRun.ts";
import {
  describeBrief,
  describeDeployment,
  describeRevision,
  describeService,
  describeTask,
} from "./describe.ts";
import { EcsService, type FirstFailureEnd } from "./ecsService.ts";
import { AddressBook } from "./network.ts";
import type { EcsContext, EcsLimits, EcsSabotage } from "./ports.ts";
import { releaseOf } from "./revision.ts";
import { createdSpec, updatedSpec } from "./serviceSpec.ts";
import type { Task } from "./task.ts";
import { TaskDefinitions } from "./taskDefinitions.ts";
import { validateService } from "./validateService.ts";

export interface EcsArgs extends Omit<EcsContext, "limits" | "sabotage" | "signal" | "secrets"> {
  limits?: Partial<EcsLimits>;
  sabotage?: EcsSabotage;
  /** Value of a secret by its ARN. Default: there are none. */
  secrets?: EcsContext["secrets"];
  /**
   * How a first deployment that fails ends; there is nothing to roll back to.
   *
   * @default "ROLLBACK_FAILED"
   */
  firstFailureEndsAs?: FirstFailureEnd;
}

const defaultLimits: EcsLimits = {
  healthPollSeconds: 2,
  stageSeconds: 24 * 3600,
  scaleOutSeconds: 60,
  scaleInSeconds: 15 * 60,
  restartBackoffSeconds: 27 * 60,
};

/** The control plane of Amazon ECS, by the SDK's shapes; its tasks are real processes. */
export class Ecs {
  readonly #context: EcsContext;
  readonly #closing = new AbortController();
  readonly #definitions: TaskDefinitions;
  readonly #clusters: Clusters;
  readonly #capacity: Capacity;
  readonly #addresses = new AddressBook();
  readonly #services: EcsService[] = [];
  readonly #firstFailureEndsAs: FirstFailureEnd;
  readonly #unsubscribe: () => void;

  constructor({ limits, sabotage = {}, secrets = () => undefined, ...args }: EcsArgs) {
    const { firstFailureEndsAs = "ROLLBACK_FAILED", ...ports } = args;
    this.#context = {
      ...ports,
      secrets,
      sabotage,
      limits: { ...defaultLimits, ...limits },
      signal: this.#closing.signal,
    };
    this.#firstFailureEndsAs = firstFailureEndsAs;
    this.#definitions = new TaskDefinitions(this.#context);
    this.#clusters = new Clusters(this.#context);
    this.#capacity = new Capacity(this.#context);
    this.#unsubscribe = args.autoScaling.onChange(() => this.#instancesChanged());
  }

  async createCluster(input: CreateClusterRequest): Promise<CreateClusterResponse> {
    return { cluster: this.#clusters.create(input) };
  }

  async describeClusters(input: DescribeClustersRequest): Promise<DescribeClustersResponse> {
    return { clusters: this.#clusters.describe(input.clusters ?? ["default"]), failures: [] };
  }

  /** @throws AwsError ClusterContainsServicesException, ClusterContainsContainerInstancesException. */
  async deleteCluster({ cluster = "" }: DeleteClusterRequest): Promise<DeleteClusterResponse> {
    const { clusterName } = this.#clusters.get(cluster);
    const services = this.#services.filter(
      (service) => service.args.cluster.name === clusterName && service.status !== "INACTIVE",
    );
    if (services.length > 0) {
      throw new AwsError(
        "ClusterContainsServicesException",
        `The Cluster cannot be deleted while Services are active (${services.map(({ name }) => name).join(", ")}).`,
      );
    }
    return { cluster: this.#clusters.delete(cluster) };
  }

  async createCapacityProvider(
    input: CreateCapacityProviderRequest,
  ): Promise<CreateCapacityProviderResponse> {
    return { capacityProvider: this.#clusters.createProvider(input) };
  }

  async describeCapacityProviders(
    input: DescribeCapacityProvidersRequest,
  ): Promise<DescribeCapacityProvidersResponse> {
    return { capacityProviders: this.#clusters.describeProviders(input.capacityProviders) };
  }

  async deleteCapacityProvider({
    capacityProvider = "",
  }: DeleteCapacityProviderRequest): Promise<DeleteCapacityProviderResponse> {
    return { capacityProvider: this.#clusters.deleteProvider(capacityProvider) };
  }

  async putClusterCapacityProviders(
    input: PutClusterCapacityProvidersRequest,
  ): Promise<PutClusterCapacityProvidersResponse> {
    const { cluster, added } = this.#clusters.putProviders(input);
    for (const provider of added) this.#capacity.watch(provider);
    return { cluster };
  }

  async registerTaskDefinition(
    input: RegisterTaskDefinitionRequest,
  ): Promise<RegisterTaskDefinitionResponse> {
    return this.#definitions.register(input);
  }

  async describeTaskDefinition({
    taskDefinition = "",
  }: DescribeTaskDefinitionRequest): Promise<DescribeTaskDefinitionResponse> {
    return this.#definitions.describe(taskDefinition);
  }

  async deregisterTaskDefinition(
    input: DeregisterTaskDefinitionRequest,
  ): Promise<DeregisterTaskDefinitionResponse> {
    return { taskDefinition: this.#definitions.deregister(input) };
  }

  /** @throws AwsError ClusterNotFoundException, ClientException, InvalidParameterException. */
  async createService(input: CreateServiceRequest): Promise<CreateServiceResponse> {
    const { serviceName = "" } = input;
    const { clusterName, clusterArn } = this.#clusters.get(input.cluster);
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(serviceName)) {
      throw invalid(`serviceName '${serviceName}' must be 1 to 255 letters, digits, _ or -.`);
    }
    if (input.launchType === "FARGATE") {
      throw new AwsError("UnsupportedFeatureException", "Launch type FARGATE is not rehearsed.");
    }
    if (input.launchType && input.capacityProviderStrategy?.length) {
      throw invalid(
        "Specifying both a launch type and capacity provider strategy is not supported.",
      );
    }
    const existing = this.#find(clusterName, serviceName);
    if (existing?.status === "ACTIVE") throw invalid("Creation of service was not idempotent.");
    if (existing) throw invalid("Unable to Start a service that is still Draining.");
    const definition = this.#definitions.resolveActive(input.taskDefinition ?? "");
    const spec = createdSpec(input, definition.taskDefinitionArn ?? "");
    this.#clusters.providersOf(clusterName, spec.capacityProviderStrategy);
    await validateService(spec, definition, this.#context);
    const service = new EcsService({
      context: this.#context,
      capacity: this.#capacity,
      addresses: this.#addresses,
      name: serviceName,
      cluster: { name: clusterName, arn: clusterArn },
      spec,
      providersOf: ({ capacityProviderStrategy }) =>
        this.#clusters.providersOf(clusterName, capacityProviderStrategy),
      firstFailureEndsAs: this.#firstFailureEndsAs,
    });
    this.#services.push(service);
    service.deploy(spec, definition);
    return { service: describeService(service) };
  }

  /** @throws AwsError ServiceNotFoundException, ServiceNotActiveException, InvalidParameterException. */
  async updateService(input: UpdateServiceRequest): Promise<UpdateServiceResponse> {
    const service = this.#get(input.cluster, input.service ?? "");
    if (service.status !== "ACTIVE") {
      throw new AwsError("ServiceNotActiveException", "Service was not ACTIVE.");
    }
    const named =
      input.taskDefinition === undefined
        ? undefined
        : this.#definitions.resolveActive(input.taskDefinition);
    const { spec, startsDeployment } = updatedSpec(service.spec, input, named?.taskDefinitionArn);
    const definition = named ?? this.#definitions.describe(spec.taskDefinition).taskDefinition;
    this.#clusters.providersOf(service.args.cluster.name, spec.capacityProviderStrategy);
    await validateService(spec, definition, this.#context);
    const resized = spec.desiredCount !== service.spec.desiredCount;
    service.spec = spec;
    if (resized) service.scale(spec.desiredCount);
    if (startsDeployment) service.deploy(spec, definition);
    return { service: describeService(service) };
  }

  /** Answers at once with a DRAINING service; it is INACTIVE when its last task has stopped. */
  async deleteService({
    cluster,
    service,
    force,
  }: DeleteServiceRequest): Promise<DeleteServiceResponse> {
    const found = this.#get(cluster, service ?? "");
    if (force !== true && found.spec.desiredCount > 0) {
      throw invalid("The service cannot be stopped while it is scaled above 0.");
    }
    if (found.status === "ACTIVE") void found.delete();
    return { service: describeService(found) };
  }

  async describeServices(input: DescribeServicesRequest): Promise<DescribeServicesResponse> {
    const { clusterName } = this.#clusters.get(input.cluster);
    const answer: Required<Pick<DescribeServicesResponse, "services" | "failures">> = {
      services: [],
      failures: [],
    };
    for (const name of input.services ?? []) {
      const service = this.#services.findLast(
        (one) => one.name === nameOf(name) && one.args.cluster.name === clusterName,
      );
      if (service) answer.services.push(describeService(service));
      else answer.failures.push({ arn: name, reason: "MISSING" });
    }
    return answer;
  }

  /** Newest first. */
  async listServiceDeployments(
    input: ListServiceDeploymentsRequest,
  ): Promise<ListServiceDeploymentsResponse> {
    const service = this.#get(input.cluster, input.service ?? "");
    const { status: wanted, createdAt, maxResults = 100 } = input;
    const runs = service.runs
      .filter(({ status }) => !wanted?.length || wanted.includes(status))
      .filter((run) => run.createdAt >= (createdAt?.after?.getTime() ?? 0))
      .filter((run) => run.createdAt <= (createdAt?.before?.getTime() ?? Number.MAX_VALUE))
      .toReversed();
    const start = Number(input.nextToken ?? 0);
    const end = start + maxResults;
    return {
      serviceDeployments: runs.slice(start, end).map(describeBrief),
      ...(end < runs.length ? { nextToken: String(end) } : {}),
    };
  }

  async describeServiceDeployments(
    input: DescribeServiceDeploymentsRequest,
  ): Promise<DescribeServiceDeploymentsResponse> {
    const arns = input.serviceDeploymentArns ?? [];
    const runs = arns.flatMap((arn) => this.#run(arn) ?? []);
    return {
      serviceDeployments: runs.map(describeDeployment),
      failures: missing(arns, (arn) => this.#run(arn) !== undefined),
    };
  }

  async describeServiceRevisions(
    input: DescribeServiceRevisionsRequest,
  ): Promise<DescribeServiceRevisionsResponse> {
    const arns = input.serviceRevisionArns ?? [];
    const all = this.#services.flatMap((service) =>
      service.revisions.map((revision) => ({ service, revision })),
    );
    const found = arns.flatMap((arn) => all.find(({ revision }) => revision.arn === arn) ?? []);
    return {
      serviceRevisions: found.map(({ service, revision }) => describeRevision(service, revision)),
      failures: missing(arns, (arn) => all.some(({ revision }) => revision.arn === arn)),
    };
  }

  /** @throws AwsError ServiceDeploymentNotFoundException, InvalidParameterException. */
  async continueServiceDeployment(
    input: ContinueServiceDeploymentRequest,
  ): Promise<ContinueServiceDeploymentResponse> {
    const run = this.#deployment(input.serviceDeploymentArn ?? "");
    run.answer(input.hookId ?? "", input.action ?? "CONTINUE");
    return { serviceDeploymentArn: run.arn };
  }

  /** @throws AwsError ServiceDeploymentNotFoundException, ConflictException. */
  async stopServiceDeployment({
    serviceDeploymentArn = "",
    stopType = "ROLLBACK",
  }: StopServiceDeploymentRequest): Promise<StopServiceDeploymentResponse> {
    const run = this.#deployment(serviceDeploymentArn);
    if (run.over || run.stage === "CLEAN_UP") {
      throw new AwsError(
        "ConflictException",
        `The service deployment can't be stopped: it is ${run.status} at ${run.stage}.`,
      );
    }
    this.#context.journal.record({
      kind: "stopRequested",
      deployment: run.arn,
      service: run.service.name,
      release: releaseOf(run.target.definition),
    });
    const reason = "because of a StopServiceDeployment request.";
    run.interrupt(
      stopType === "ROLLBACK"
        ? { kind: "rollback", reason: `Service deployment rolled back ${reason}` }
        : { kind: "stop", reason: `Service deployment stopped ${reason}` },
    );
    return { serviceDeploymentArn: run.arn };
  }

  async listTasks(input: ListTasksRequest): Promise<ListTasksResponse> {
    const { clusterName } = this.#clusters.get(input.cluster);
    const { serviceName, desiredStatus = "RUNNING" } = input;
    const tasks = this.#tasks
      .filter((task) => task.args.cluster.name === clusterName)
      .filter((task) => task.desiredStatus === desiredStatus)
      .filter((task) => serviceName === undefined || task.args.service === nameOf(serviceName));
    return { taskArns: tasks.map(({ arn }) => arn) };
  }

  async describeTasks({ tasks: names = [] }: DescribeTasksRequest): Promise<DescribeTasksResponse> {
    const find = (name: string) => this.#tasks.find(({ id }) => id === nameOf(name));
    return {
      tasks: names.flatMap((name) => find(name) ?? []).map(describeTask),
      failures: missing(names, (name) => find(name) !== undefined),
    };
  }

  /** What exists, in words. Task definitions are left out: they cost nothing, and outlive their service on purpose. */
  inventory(): string[] {
    return [
      ...this.#clusters.inventory(),
      ...this.#services
        .filter(({ status }) => status !== "INACTIVE")
        .map(({ name }) => `service ${name}`),
      ...this.#tasks
        .filter(({ lastStatus }) => lastStatus !== "STOPPED")
        .map(({ id, args }) => `task ${args.service}/${id}`),
    ];
  }

  /** Ends every wait and every task, without draining. */
  async close(): Promise<void> {
    this.#unsubscribe();
    this.#closing.abort(new Error("The rehearsal ends."));
    this.#capacity.close();
    await Promise.all(
      this.#tasks.map((task) => task.stop("The rehearsal ends.", "UserInitiated", false)),
    );
  }

  get #tasks(): Task[] {
    return this.#services.flatMap(({ taskSets }) => taskSets.flatMap(({ tasks }) => tasks));
  }

  #instancesChanged(): void {
    const providers = this.#clusters.describeProviders(undefined);
    const existing = new Set(
      providers.flatMap(({ autoScalingGroupProvider }) =>
        this.#context.autoScaling
          .instances(autoScalingGroupProvider?.autoScalingGroupArn ?? "")
          .map(({ instanceId }) => instanceId),
      ),
    );
    for (const service of this.#services) {
      for (const set of service.taskSets) set.instancesChanged(existing);
    }
  }

  #find(clusterName: string, name: string): EcsService | undefined {
    return this.#services.find(
      (service) =>
        service.status !== "INACTIVE" &&
        service.args.cluster.name === clusterName &&
        service.name === nameOf(name),
    );
  }

  #get(cluster: string | undefined, name: string): EcsService {
    const { clusterName } = this.#clusters.get(cluster);
    const service = this.#find(clusterName, name);
    if (service) return service;
    throw new AwsError("ServiceNotFoundException", "Service not found.");
  }

  #run(arn: string): DeploymentRun | undefined {
    return this.#services.flatMap(({ runs }) => runs).find((run) => run.arn === arn);
  }

  #deployment(arn: string): DeploymentRun {
    const run = this.#run(arn);
    if (run) return run;
    throw new AwsError(
      "ServiceDeploymentNotFoundException",
      "The service deployment does not exist.",
    );
  }
}

function missing(names: readonly string[], exists: (name: string) => boolean) {
  return names.filter((name) => !exists(name)).map((name) => ({ arn: name, reason: "MISSING" }));
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}
