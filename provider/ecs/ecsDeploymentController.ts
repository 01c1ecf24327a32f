import type { ServiceDeployment, ServiceRevision, UpdateServiceRequest } from "@aws-sdk/client-ecs";
import { CheckFailed } from "../checkFailed.ts";
import type { Clock } from "../clock.ts";
import type { Claim, Deployment, DeploymentController, Hold } from "../deploymentController.ts";
import { readHold } from "../holdNote.ts";
import type { EcsDeploymentInputs, LiveRelease } from "../messages.ts";
import { Patience } from "../patience.ts";
import { RunnerLease, RunnerRefused } from "../runnerLease.ts";
import { readRunner } from "../runnerNote.ts";
import { callableSince } from "./callableSince.ts";
import { ClusterTags } from "./clusterTags.ts";
import { arnOf, Deployments, goesForward } from "./deployments.ts";
import { type EcsApi, nameOf, type ServiceAddress } from "./ecsApi.ts";
import { EcsDeployment } from "./ecsDeployment.ts";
import type { ElbConnection } from "./elbApi.ts";
import { findLive } from "./findLive.ts";
import { requestRollBack } from "./requestRollBack.ts";
import { rollBackInFlight } from "./rollBackInFlight.ts";
import { ServiceStanding } from "./serviceStanding.ts";

export interface EcsControllerArgs {
  deployment: Pick<
    EcsDeploymentInputs,
    | "cluster"
    | "ecsService"
    | "taskDefinition"
    | "configuration"
    | "strategy"
    | "calls"
    | "tasks"
    | "traffic"
    | "scaleUpMinutes"
  >;
  /**
   * What the promotion's last word says is live: with another configuration, the same task definition is another
   * deployment. Undefined where it does not say.
   */
  live: LiveRelease | undefined;
}

/** Seconds of cloud time between two looks for a deployment. */
const lookSeconds = 5;

/**
 * How long ECS may take to show a deployment that it has accepted, in seconds. The first is for one that is only
 * presumed (`DescribeServices` is eventually consistent too), the second for one that is certain.
 */
const presumedSeconds = 15;
const certainSeconds = 60;

/** Amazon ECS's service deployments, as a promotion sees them. */
export class EcsDeploymentController implements DeploymentController {
  readonly #args: EcsControllerArgs;
  readonly #address: ServiceAddress;
  readonly #plainApi: EcsApi;
  readonly #api: EcsApi;
  readonly #patience: Patience;
  readonly #deployments: Deployments;
  readonly #tags: ClusterTags;
  readonly #standing: ServiceStanding;
  readonly #clock: Clock;

  constructor(args: EcsControllerArgs, api: EcsApi, elb: ElbConnection, clock: Clock) {
    const { cluster, ecsService, traffic, tasks } = args.deployment;
    const address = { cluster, service: ecsService };
    this.#args = args;
    this.#address = address;
    this.#plainApi = api;
    this.#patience = new Patience(clock, "AWS");
    this.#api = this.#patience.wrap(api);
    this.#deployments = new Deployments(this.#api, address);
    this.#tags = new ClusterTags(this.#api, address);
    const { productionRule } = traffic;
    const balancing = async () => this.#patience.wrap(await elb());
    this.#standing = new ServiceStanding({ address, productionRule, tasks }, this.#api, balancing);
    this.#clock = clock;
  }

  async begin(signal: AbortSignal): Promise<Deployment | undefined> {
    try {
      const accepted = await this.#awaitAccepted(signal);
      if (accepted !== "none") {
        if (await this.#findsCalled(accepted, signal)) {
          return accepted === "live" ? undefined : this.#follow(accepted);
        }
        await rollBackInFlight(this.#api, this.#address, this.#clock, signal);
      }
      return this.#follow(await this.#start(signal));
    } catch (error) {
      if (signal.aborted) await this.#abandon();
      throw error;
    }
  }

  async live(signal?: AbortSignal): Promise<LiveRelease | undefined> {
    return findLive(this.#api, this.#address, signal);
  }

  async drift(signal: AbortSignal): Promise<string[]> {
    return (await this.#standing.drift(signal)).map(({ text }) => text);
  }

  async repair(signal: AbortSignal): Promise<void> {
    await this.#standing.repair(signal);
  }

  async claim(by: string, signal: AbortSignal): Promise<Claim> {
    const service = nameOf(this.#address.service);
    const lease = { service, notes: this.#tags, clock: this.#clock };
    try {
      return await RunnerLease.take(lease, by, signal);
    } catch (error) {
      if (!(error instanceof RunnerRefused)) await this.#abandonUnclaimed();
      throw error;
    }
  }

  async hold(signal: AbortSignal): Promise<Hold | undefined> {
    return readHold(await this.#tags.read("hold", signal));
  }

  async stop(_reason: string, signal: AbortSignal): Promise<void> {
    await rollBackInFlight(this.#api, this.#address, this.#clock, signal);
  }

  /**
   * Waits for the deployment that Pulumi's CreateService or UpdateService has started, or that an earlier promotion
   * has left behind.
   *
   * @returns `live`: nothing to do; `none`: one has to be started.
   */
  async #awaitAccepted(signal: AbortSignal): Promise<ServiceDeployment | "live" | "none"> {
    const { deployment, live } = this.#args;
    const expectsDeployment = live !== undefined && live.configuration !== deployment.configuration;
    const start = this.#clock.now();
    for (;;) {
      const service = await this.#deployments.service(signal);
      const found = await this.#findOurs(signal);
      if (found) return found;
      const isLive = (await this.live(signal))?.revision === deployment.taskDefinition;
      if (isLive && !expectsDeployment) return "live";
      const isCertain = service?.taskDefinition === deployment.taskDefinition;
      const patience = isCertain ? certainSeconds : presumedSeconds;
      if (this.#clock.now() >= start + patience * 1000) {
        if (!service) throw this.#noService();
        return "none";
      }
      await this.#clock.sleep(lookSeconds, signal);
    }
  }

  /** Whether the tasks of a deployment, or of what is live, find everything that the service calls. */
  async #findsCalled(accepted: ServiceDeployment | "live", signal: AbortSignal): Promise<boolean> {
    const { cluster, calls = [] } = this.#args.deployment;
    if (calls.length === 0) return true;
    const since = await callableSince(this.#api, cluster, calls, signal);
    const brought = accepted === "live" ? await this.#deployments.lastSuccessful(signal) : accepted;
    // What ECS has forgotten is older than what it tells of.
    return (brought?.createdAt?.getTime() ?? 0) >= since;
  }

  /** The deployment in flight, when it brings our task definition. One that is being undone is waited out. */
  async #findOurs(signal: AbortSignal): Promise<ServiceDeployment | undefined> {
    for (const deployment of await this.#deployments.inFlight(signal)) {
      const target = await this.#deployments.taskDefinitionOf(
        deployment.targetServiceRevision?.arn,
        signal,
      );
      if (!goesForward(deployment)) {
        await rollBackInFlight(this.#api, this.#address, this.#clock, signal);
        return undefined;
      }
      if (target === this.#args.deployment.taskDefinition) return deployment;
      throw new CheckFailed(
        "deployment",
        `another deployment is in flight: ${arnOf(deployment)} of ${target}; wait for its end, or roll it back with "aws ecs stop-service-deployment --stop-type ROLLBACK --service-deployment-arn ${arnOf(deployment)}"`,
      );
    }
    return undefined;
  }

  /**
   * Without the explicit task definition, ECS would deploy again the one it rolled back to; and without the network
   * and the like of the revision that it rolled back, those of the one it rolled back to.
   */
  async #start(signal: AbortSignal): Promise<ServiceDeployment> {
    const known = await this.#deployments.known(signal);
    const { taskDefinition } = this.#args.deployment;
    const retried = await this.#deployments.lastRevisionOf(taskDefinition, signal);
    await this.#api.updateService(
      { ...this.#address, taskDefinition, forceNewDeployment: true, ...configurationOf(retried) },
      { abortSignal: signal },
    );
    const start = this.#clock.now();
    for (;;) {
      const inFlight = await this.#deployments.inFlight(signal);
      const fresh = inFlight.find((deployment) => !known.has(arnOf(deployment)));
      if (fresh) return fresh;
      if (this.#clock.now() - start > certainSeconds * 1000) {
        throw new CheckFailed(
          "deployment",
          `ECS accepted ${taskDefinition} and shows no deployment of it after ${certainSeconds} s`,
        );
      }
      await this.#clock.sleep(lookSeconds, signal);
    }
  }

  #follow(deployment: ServiceDeployment): Deployment {
    const { taskDefinition, strategy, scaleUpMinutes } = this.#args.deployment;
    const arn = arnOf(deployment);
    const args = { arn, address: this.#address, taskDefinition, strategy, scaleUpMinutes };
    return new EcsDeployment(args, this.#plainApi, this.#clock, this.#patience);
  }

  /** Without a claim nobody will follow what Pulumi has started, unless somebody else does. */
  async #abandonUnclaimed(): Promise<void> {
    try {
      const note = readRunner(await this.#tags.read("runner"));
      if (!note || note.until <= this.#clock.now()) await this.#abandon();
    } catch {
      // Nobody can be asked: the time-out of its pause undoes it.
    }
  }

  /** Called off before the deployment was found: nobody will follow it, so it must not go on. */
  async #abandon(): Promise<void> {
    for (const deployment of await this.#deployments.inFlight()) {
      const { arn } = deployment.targetServiceRevision ?? {};
      const target = await this.#deployments.taskDefinitionOf(arn);
      if (goesForward(deployment) && target === this.#args.deployment.taskDefinition) {
        await requestRollBack(this.#api, arnOf(deployment));
      }
    }
  }

  #noService(): CheckFailed {
    const { cluster, service } = this.#address;
    return new CheckFailed("deployment", `there is no ECS service ${service} in ${cluster}`);
  }
}

/** What a revision holds of the service's configuration; its load balancers are ECS's own affair. */
function configurationOf(revision: ServiceRevision | undefined): Partial<UpdateServiceRequest> {
  if (!revision) return {};
  const { networkConfiguration, platformVersion, serviceConnectConfiguration } = revision;
  const { capacityProviderStrategy, serviceRegistries, volumeConfigurations } = revision;
  return {
    ...(networkConfiguration && { networkConfiguration }),
    ...(platformVersion && { platformVersion }),
    ...(serviceConnectConfiguration && { serviceConnectConfiguration }),
    ...(capacityProviderStrategy?.length && { capacityProviderStrategy }),
    ...(serviceRegistries?.length && { serviceRegistries }),
    ...(volumeConfigurations?.length && { volumeConfigurations }),
  };
}
