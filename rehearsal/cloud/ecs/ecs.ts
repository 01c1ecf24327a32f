import type * as sdk from "@aws-sdk/client-ecs";
import { AwsError } from "../awsError.ts";
import { nameOf } from "./arns.ts";
import { Capacity } from "./capacity.ts";
import { Clusters } from "./clusters.ts";
import { Deployments } from "./deployments.ts";
import { describeService, describeTask, missing } from "./describe.ts";
import { type EcsArgs, ecsContext } from "./ecsContext.ts";
import type { EcsContext } from "./ports.ts";
import { Services } from "./services.ts";
import { checkTags, Tags } from "./tags.ts";
import { TaskDefinitions } from "./taskDefinitions.ts";

/** The control plane of Amazon ECS, by the SDK's shapes; its tasks are real processes. */
export class Ecs {
  readonly #context: EcsContext;
  readonly #closing = new AbortController();
  readonly #definitions: TaskDefinitions;
  readonly #clusters: Clusters;
  readonly #capacity: Capacity;
  readonly #services: Services;
  readonly #deployments: Deployments;
  readonly #tags = new Tags();
  readonly #unsubscribe: () => void;

  constructor({ firstFailureEndsAs = "ROLLBACK_FAILED", ...args }: EcsArgs) {
    this.#context = ecsContext(args, this.#closing.signal);
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
    this.#deployments = new Deployments(this.#context, this.#services);
    this.#unsubscribe = args.autoScaling.onChange(() =>
      this.#services.instancesChanged(this.#clusters.instanceIds()),
    );
  }

  async createCluster(input: sdk.CreateClusterRequest): Promise<sdk.CreateClusterResponse> {
    checkTags(input.tags ?? []);
    const existing = this.#clusters.has(input.clusterName);
    const cluster = this.#clusters.create(input);
    if (!existing) this.#tags.add(cluster.clusterArn, input.tags ?? []);
    return { cluster: { ...cluster, tags: this.#tags.of(cluster.clusterArn) } };
  }

  /** Tags only with `include: ["TAGS"]`. */
  async describeClusters({
    clusters: names = ["default"],
    include = [],
  }: sdk.DescribeClustersRequest): Promise<sdk.DescribeClustersResponse> {
    const { clusters, failures } = this.#clusters.describe(names);
    const tags = (arn = "") => (include.includes("TAGS") ? this.#tags.of(arn) : []);
    return {
      clusters: clusters.map((one) => ({ ...one, tags: tags(one.clusterArn) })),
      failures,
    };
  }

  /** @throws AwsError ClusterContainsServicesException, ClusterContainsContainerInstancesException. */
  async deleteCluster({
    cluster = "",
  }: sdk.DeleteClusterRequest): Promise<sdk.DeleteClusterResponse> {
    const { clusterName, clusterArn } = this.#clusters.get(cluster);
    const deleted = this.#clusters.delete(cluster, this.#services.namesIn(clusterName));
    this.#tags.clear(clusterArn);
    return { cluster: deleted };
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
    const { tags = [] } = input;
    checkTags(tags);
    const service = await this.#services.create(input);
    this.#tags.clear(service.arn);
    this.#tags.add(service.arn, tags);
    return { service: { ...describeService(service), tags } };
  }

  /** @throws AwsError ServiceNotFoundException, ServiceNotActiveException, InvalidParameterException. */
  async updateService(input: sdk.UpdateServiceRequest): Promise<sdk.UpdateServiceResponse> {
    return { service: describeService(await this.#services.update(input)) };
  }

  /** Answers at once with a DRAINING service; it is INACTIVE when its last task has stopped. */
  async deleteService(input: sdk.DeleteServiceRequest): Promise<sdk.DeleteServiceResponse> {
    return { service: describeService(this.#services.delete(input)) };
  }

  /** Tags only with `include: ["TAGS"]`. */
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
      const tags = input.include?.includes("TAGS")
        ? { tags: this.#tags.of(service?.arn ?? "") }
        : {};
      if (service) answer.services.push({ ...describeService(service), ...tags });
      else answer.failures.push({ arn: name, reason: "MISSING" });
    }
    return answer;
  }

  /** Newest first. */
  async listServiceDeployments(
    input: sdk.ListServiceDeploymentsRequest,
  ): Promise<sdk.ListServiceDeploymentsResponse> {
    return this.#deployments.list(input);
  }

  async describeServiceDeployments(
    input: sdk.DescribeServiceDeploymentsRequest,
  ): Promise<sdk.DescribeServiceDeploymentsResponse> {
    return this.#deployments.describe(input.serviceDeploymentArns ?? []);
  }

  async describeServiceRevisions(
    input: sdk.DescribeServiceRevisionsRequest,
  ): Promise<sdk.DescribeServiceRevisionsResponse> {
    return this.#deployments.describeRevisions(input.serviceRevisionArns ?? []);
  }

  /** @throws AwsError ServiceDeploymentNotFoundException, InvalidParameterException. */
  async continueServiceDeployment(
    input: sdk.ContinueServiceDeploymentRequest,
  ): Promise<sdk.ContinueServiceDeploymentResponse> {
    return this.#deployments.continue(input);
  }

  /** @throws AwsError ServiceDeploymentNotFoundException, ConflictException. */
  async stopServiceDeployment(
    input: sdk.StopServiceDeploymentRequest,
  ): Promise<sdk.StopServiceDeploymentResponse> {
    return this.#deployments.stop(input);
  }

  /** @throws AwsError ResourceNotFoundException, InvalidParameterException, LimitExceededException. */
  async tagResource(input: sdk.TagResourceRequest): Promise<sdk.TagResourceResponse> {
    this.#tags.add(this.#taggable(input.resourceArn), input.tags ?? []);
    return {};
  }

  /** @throws AwsError ResourceNotFoundException. */
  async untagResource(input: sdk.UntagResourceRequest): Promise<sdk.UntagResourceResponse> {
    this.#tags.remove(this.#taggable(input.resourceArn), input.tagKeys ?? []);
    return {};
  }

  /** @throws AwsError ResourceNotFoundException. */
  async listTagsForResource(
    input: sdk.ListTagsForResourceRequest,
  ): Promise<sdk.ListTagsForResourceResponse> {
    return { tags: this.#tags.of(this.#taggable(input.resourceArn)) };
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

  /** Fargate Spot takes its oldest running task back. @returns its ARN. @throws when none runs there. */
  interruptSpot(): string {
    return this.#services.interruptSpot();
  }

  /** What exists, in words. Task definitions are left out: they cost nothing, and outlive their service on purpose. */
  inventory(): string[] {
    return [...this.#clusters.inventory(), ...this.#services.inventory()];
  }

  /** The ARN, if it is that of something that can have tags here. */
  #taggable(arn = ""): string {
    const [kind = ""] = arn.split(":").slice(5).join(":").split("/");
    if (kind === "cluster") {
      this.#clusters.get(arn);
      return arn;
    }
    if (kind !== "service") {
      throw new AwsError(
        "UnsupportedFeatureException",
        `Tags of ${arn || "no ARN"} are not rehearsed: only those of clusters and services are.`,
      );
    }
    const service = this.#services.all.findLast((one) => one.arn === arn);
    if (service && service.status !== "INACTIVE") return arn;
    throw new AwsError(
      service ? "InvalidParameterException" : "ResourceNotFoundException",
      service
        ? "The specified service is inactive. Specify an active service and try again."
        : `The specified resource was not found: ${arn}.`,
    );
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
