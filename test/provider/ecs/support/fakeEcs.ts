import type { Service, ServiceDeployment, ServiceRevision, Task } from "@aws-sdk/client-ecs";
import type { Clock } from "../../../../provider/clock.ts";
import type { EcsApi } from "../../../../provider/ecs/ecsApi.ts";

export const cluster = "arn:aws:ecs:eu-central-1:123456789012:cluster/main";
export const family = "arn:aws:ecs:eu-central-1:123456789012:task-definition/platform:";

/** One ECS service in memory: a test moves its deployments, and reads what was asked of it. */
export class FakeEcs implements EcsApi {
  /** Requests that change something, in order. */
  readonly log: string[] = [];
  readonly deployments: ServiceDeployment[] = [];
  service: Service | undefined = { serviceName: "platform", status: "ACTIVE", events: [] };
  tasks: Task[] = [];
  /** Of the cluster. */
  readonly tags = new Map<string, string>();
  /** Deployments of other services, by the service's name. */
  readonly others = new Map<string, ServiceDeployment[]>();
  /** What a revision holds besides its task definition. */
  readonly revisions = new Map<string, ServiceRevision>();
  /** Called at each look at a deployment, with how many there were before. */
  onLook: (deployment: ServiceDeployment, looks: number) => void = () => undefined;
  /** Called after a pause was answered with CONTINUE. */
  onContinue: (hook: string | undefined) => void = () => undefined;
  /** Called after a pause was answered with ROLLBACK. */
  onRollBack: () => void = () => undefined;
  /** How long it takes to undo a deployment that is stopped. */
  rollBackSeconds = 0;
  /** What the next requests of a kind fail with. */
  readonly failures = new Map<keyof EcsApi, Error[]>();
  readonly #clock: Clock;
  #looks = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Task definition `number` becomes live, or is on its way. */
  deploy(number: number, changes: Partial<ServiceDeployment> = {}): ServiceDeployment {
    const at = new Date(this.#clock.now() + this.deployments.length);
    const deployment: ServiceDeployment = {
      serviceDeploymentArn: `deployment/${this.deployments.length + 1}`,
      status: "IN_PROGRESS",
      lifecycleStage: "SCALE_UP",
      createdAt: at,
      startedAt: at,
      finishedAt: at,
      targetServiceRevision: { arn: `revision/${number}`, requestedProductionTrafficWeight: 0 },
      sourceServiceRevisions: [{ arn: "revision/before", requestedProductionTrafficWeight: 100 }],
      ...changes,
    };
    this.deployments.push(deployment);
    this.service = { ...this.service, taskDefinition: family + number };
    return deployment;
  }

  continueServiceDeployment: EcsApi["continueServiceDeployment"] = async (input) => {
    this.#fail("continueServiceDeployment");
    this.log.push(`${input.action} ${input.hookId} of ${input.serviceDeploymentArn}`);
    const deployment = this.#find(input.serviceDeploymentArn);
    deployment.lifecycleHookDetails = [];
    if (input.action === "ROLLBACK") {
      deployment.status = "ROLLBACK_SUCCESSFUL";
      this.onRollBack();
    } else this.onContinue(input.hookId);
    return {};
  };

  describeClusters: EcsApi["describeClusters"] = async ({ include }, options) => {
    options?.abortSignal?.throwIfAborted();
    this.#fail("describeClusters");
    const tags = [...this.tags].map(([key, value]) => ({ key, value }));
    const shown = include?.includes("TAGS") ? { tags } : {};
    return { clusters: [{ clusterArn: cluster, status: "ACTIVE", ...shown }] };
  };

  describeServiceDeployments: EcsApi["describeServiceDeployments"] = async (input, options) => {
    options?.abortSignal?.throwIfAborted();
    this.#fail("describeServiceDeployments");
    const found = this.deployments.filter(({ serviceDeploymentArn: arn }) =>
      input.serviceDeploymentArns?.includes(arn ?? ""),
    );
    for (const deployment of found) this.onLook(deployment, this.#looks++);
    return { serviceDeployments: found.map((deployment) => structuredClone(deployment)) };
  };

  describeServiceRevisions: EcsApi["describeServiceRevisions"] = async (input) => ({
    serviceRevisions: (input.serviceRevisionArns ?? []).map((arn) => ({
      serviceRevisionArn: arn,
      taskDefinition: family + arn.split("/")[1],
      ...this.revisions.get(arn),
    })),
  });

  describeServices: EcsApi["describeServices"] = async (_input, options) => {
    options?.abortSignal?.throwIfAborted();
    this.#fail("describeServices");
    return { services: this.service ? [this.service] : [] };
  };

  describeTaskDefinition: EcsApi["describeTaskDefinition"] = async ({ taskDefinition }) => ({
    taskDefinition: {
      containerDefinitions: [
        { name: "sidecar" },
        {
          name: "platform",
          environment: [
            { name: "LOG_LEVEL", value: "INFO" },
            { name: "RELEASE_ID", value: `release-${taskDefinition?.split(":").at(-1)}` },
          ],
        },
      ],
    },
  });

  describeTasks: EcsApi["describeTasks"] = async () => ({ tasks: this.tasks });

  listServiceDeployments: EcsApi["listServiceDeployments"] = async (input, options) => {
    options?.abortSignal?.throwIfAborted();
    if (!this.service) throw namedError("ServiceNotFoundException");
    const all = this.others.get(input.service ?? "") ?? this.deployments;
    const found = all.filter(
      ({ status }) => !input.status || (status !== undefined && input.status.includes(status)),
    );
    const briefs = found.map(({ targetServiceRevision, ...brief }) => ({
      ...brief,
      targetServiceRevisionArn: targetServiceRevision?.arn,
    }));
    // One a page, so that nobody gets away with the first page.
    const page = Number(input.nextToken ?? 0);
    const nextToken = page + 1 < briefs.length ? `${page + 1}` : undefined;
    return { serviceDeployments: briefs.slice(page, page + 1), nextToken };
  };

  listTasks: EcsApi["listTasks"] = async () => ({
    taskArns: this.tasks.flatMap(({ taskArn }) => taskArn ?? []),
  });

  stopServiceDeployment: EcsApi["stopServiceDeployment"] = async (input) => {
    this.#fail("stopServiceDeployment");
    this.log.push(`stop ${input.serviceDeploymentArn} ${input.stopType}`);
    const deployment = this.#find(input.serviceDeploymentArn);
    const end = () => {
      deployment.status = "ROLLBACK_SUCCESSFUL";
    };
    if (this.rollBackSeconds === 0) end();
    else {
      deployment.status = "ROLLBACK_IN_PROGRESS";
      void this.#clock.sleep(this.rollBackSeconds).then(end);
    }
    return {};
  };

  tagResource: EcsApi["tagResource"] = async ({ resourceArn, tags = [] }, options) => {
    options?.abortSignal?.throwIfAborted();
    this.#fail("tagResource");
    if (resourceArn !== cluster) throw namedError("InvalidParameterException", `${resourceArn}`);
    for (const { key = "", value = "" } of tags) this.tags.set(key, value);
    return {};
  };

  untagResource: EcsApi["untagResource"] = async ({ tagKeys = [] }) => {
    this.#fail("untagResource");
    for (const key of tagKeys) this.tags.delete(key);
    return {};
  };

  updateService: EcsApi["updateService"] = async (input) => {
    this.#fail("updateService");
    if (input.taskDefinition === undefined) {
      this.log.push(`scale ${input.service} to ${input.desiredCount}`);
      return {};
    }
    const { service, taskDefinition = "", forceNewDeployment } = input;
    const { networkConfiguration: network } = input;
    const note = network ? ` network=${JSON.stringify(network)}` : "";
    this.log.push(`update ${service} ${taskDefinition} force=${forceNewDeployment}${note}`);
    this.deploy(Number(taskDefinition.slice(family.length)));
    return {};
  };

  #find(arn: string | undefined): ServiceDeployment {
    const found = this.deployments.find((deployment) => deployment.serviceDeploymentArn === arn);
    if (!found) throw namedError("ServiceDeploymentNotFoundException");
    return found;
  }

  #fail(call: keyof EcsApi): void {
    const failure = this.failures.get(call)?.shift();
    if (failure) throw failure;
  }
}

export function namedError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}

/** What the SDK throws when an account asks too often. */
export function throttled(): Error {
  return namedError("ThrottlingException", "Rate exceeded");
}

/** What the SDK throws when nobody answers. */
export function unreachable(): Error {
  return Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
}

/** A pause that waits for an answer. */
export function pausedAt(stage: string, hookId: string) {
  return {
    // The SDK's list of stages is shorter than the service's.
    lifecycleStage: stage as ServiceDeployment["lifecycleStage"],
    lifecycleHookDetails: [
      { hookId, targetType: "PAUSE" as const, status: "AWAITING_ACTION" as const },
    ],
  };
}
