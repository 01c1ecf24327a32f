import type * as sdk from "@aws-sdk/client-ecs";
import { AwsError } from "../awsError.ts";
import { nameOf } from "./arns.ts";
import { Capacity } from "./capacity.ts";
import { Clusters } from "./clusters.ts";
import {
  describeBrief,
  describeDeployment,
  describeRevision,
  describeService,
  describeTask,
  missing,
} from "./describe.ts";
import type { FirstFailureEnd } from "./ecsService.ts";
import type { EcsContext, EcsLimits, EcsSabotage } from "./ports.ts";
import { releaseOf } from "./revision.ts";
import { Services } from "./services.ts";
import { TaskDefinitions } from "./taskDefinitions.ts";

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
  readonly #services: Services;
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
    this.#definitions = new TaskDefinitions(this.#context);
    this.#clusters = new Clusters(this.#context);
    this.#capacity = new Capacity(this.#context);
    this.#services = new Services({
      context: this.#context,
      capacity: this.#capacity,
      clusters: this.#clusters,
      definitions: this.#definitions,
      firstFailureEndsAs,
    });
    this.#unsubscribe = args.autoScaling.onChange(() =>
      this.#services.instancesChanged(this.#clusters.instanceIds()),
    );
  }

  async createCluster(input: sdk.CreateClusterRequest): Promise<sdk.CreateClusterResponse> {
    return { cluster: this.#clusters.create(input) };
  }

  async describeClusters({
    clusters = ["default"],
  }: sdk.DescribeClustersRequest): Promise<sdk.DescribeClustersResponse> {
    return this.#clusters.describe(clusters);
  }

  /** @throws AwsError ClusterContainsServicesException, ClusterContainsContainerInstancesException. */
  async deleteCluster({
    cluster = "",
  }: sdk.DeleteClusterRequest): Promise<sdk.DeleteClusterResponse> {
    const { clusterName } = this.#clusters.get(cluster);
    return { cluster: this.#clusters.delete(cluster, this.#services.namesIn(clusterName)) };
  }

  async createCapacityProvider(
    input: sdk.CreateCapacityProviderRequest,
  ): Promise<sdk.CreateCapacityProviderResponse> {
    return { capacityProvider: this.#clusters.createProvider(input) };
  }

  async describeCapacityProviders(
    input: sdk.DescribeCapacityProvidersRequest,
  ): Promise<sdk.DescribeCapacityProvidersResponse> {
    return { capacityProviders: this.#clusters.describeProviders(input.capacityProviders) };
  }

  async deleteCapacityProvider({
    capacityProvider = "",
  }: sdk.DeleteCapacityProviderRequest): Promise<sdk.DeleteCapacityProviderResponse> {
    return { capacityProvider: this.#clusters.deleteProvider(capacityProvider) };
  }

  async putClusterCapacityProviders(
    input: sdk.PutClusterCapacityProvidersRequest,
  ): Promise<sdk.PutClusterCapacityProvidersResponse> {
    const { cluster, added } = this.#clusters.putProviders(input);
    for (const provider of added) this.#capacity.watch(provider);
    return { cluster };
  }

  async registerTaskDefinition(
    input: sdk.RegisterTaskDefinitionRequest,
  ): Promise<sdk.RegisterTaskDefinitionResponse> {
    return this.#definitions.register(input);
  }

  async describeTaskDefinition({
    taskDefinition = "",
  }: sdk.DescribeTaskDefinitionRequest): Promise<sdk.DescribeTaskDefinitionResponse> {
    return this.#definitions.describe(taskDefinition);
  }

  async deregisterTaskDefinition(
    input: sdk.DeregisterTaskDefinitionRequest,
  ): Promise<sdk.DeregisterTaskDefinitionResponse> {
    return { taskDefinition: this.#definitions.deregister(input) };
  }

  /** @throws AwsError ClusterNotFoundException, ClientException, InvalidParameterException. */
  async createService(input: sdk.CreateServiceRequest): Promise<sdk.CreateServiceResponse> {
    return { service: describeService(await this.#services.create(input)) };
  }

  /** @throws AwsError ServiceNotFoundException, ServiceNotActiveException, InvalidParameterException. */
  async updateService(input: sdk.UpdateServiceRequest): Promise<sdk.UpdateServiceResponse> {
    return { service: describeService(await this.#services.update(input)) };
  }

  /** Answers at once with a DRAINING service; it is INACTIVE when its last task has stopped. */
  async deleteService(input: sdk.DeleteServiceRequest): Promise<sdk.DeleteServiceResponse> {
    return { service: describeService(this.#services.delete(input)) };
  }

  async describeServices(
    input: sdk.DescribeServicesRequest,
  ): Promise<sdk.DescribeServicesResponse> {
    const { clusterName } = this.#clusters.get(input.cluster);
    const answer: Required<Pick<sdk.DescribeServicesResponse, "services" | "failures">> = {
      services: [],
      failures: [],
    };
    for (const name of input.services ?? []) {
      const service = this.#services.all.findLast(
        (one) => one.name === nameOf(name) && one.args.cluster.name === clusterName,
      );
      if (service) answer.services.push(describeService(service));
      else answer.failures.push({ arn: name, reason: "MISSING" });
    }
    return answer;
  }

  /** Newest first. */
  async listServiceDeployments(
    input: sdk.ListServiceDeploymentsRequest,
  ): Promise<sdk.ListServiceDeploymentsResponse> {
    const service = this.#services.get(input.cluster, input.service ?? "");
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
    input: sdk.DescribeServiceDeploymentsRequest,
  ): Promise<sdk.DescribeServiceDeploymentsResponse> {
    const arns = input.serviceDeploymentArns ?? [];
    const runs = arns.flatMap((arn) => this.#services.run(arn) ?? []);
    return {
      serviceDeployments: runs.map(describeDeployment),
      failures: missing(arns, (arn) => this.#services.run(arn) !== undefined),
    };
  }

  async describeServiceRevisions(
    input: sdk.DescribeServiceRevisionsRequest,
  ): Promise<sdk.DescribeServiceRevisionsResponse> {
    const arns = input.serviceRevisionArns ?? [];
    const all = this.#services.all.flatMap((service) =>
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
    input: sdk.ContinueServiceDeploymentRequest,
  ): Promise<sdk.ContinueServiceDeploymentResponse> {
    const run = this.#services.deployment(input.serviceDeploymentArn ?? "");
    run.answer(input.hookId ?? "", input.action ?? "CONTINUE");
    return { serviceDeploymentArn: run.arn };
  }

  /** @throws AwsError ServiceDeploymentNotFoundException, ConflictException. */
  async stopServiceDeployment({
    serviceDeploymentArn = "",
    stopType = "ROLLBACK",
  }: sdk.StopServiceDeploymentRequest): Promise<sdk.StopServiceDeploymentResponse> {
    const run = this.#services.deployment(serviceDeploymentArn);
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

  async listTasks(input: sdk.ListTasksRequest): Promise<sdk.ListTasksResponse> {
    const { clusterName } = this.#clusters.get(input.cluster);
    const { serviceName, desiredStatus = "RUNNING" } = input;
    const tasks = this.#services.tasks
      .filter((task) => task.args.cluster.name === clusterName)
      .filter((task) => task.desiredStatus === desiredStatus)
      .filter((task) => serviceName === undefined || task.args.service === nameOf(serviceName));
    return { taskArns: tasks.map(({ arn }) => arn) };
  }

  async describeTasks({
    tasks: names = [],
  }: sdk.DescribeTasksRequest): Promise<sdk.DescribeTasksResponse> {
    const find = (name: string) => this.#services.tasks.find(({ id }) => id === nameOf(name));
    return {
      tasks: names.flatMap((name) => find(name) ?? []).map(describeTask),
      failures: missing(names, (name) => find(name) !== undefined),
    };
  }

  /** What exists, in words. Task definitions are left out: they cost nothing, and outlive their service on purpose. */
  inventory(): string[] {
    return [...this.#clusters.inventory(), ...this.#services.inventory()];
  }

  /** Ends every wait and every task, without draining. */
  async close(): Promise<void> {
    this.#unsubscribe();
    this.#closing.abort(new Error("The rehearsal ends."));
    this.#capacity.close();
    await Promise.all(
      this.#services.tasks.map((task) => task.stop("The rehearsal ends.", "UserInitiated", false)),
    );
  }
}
