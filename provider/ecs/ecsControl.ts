import type { ServiceDeployment } from "@aws-sdk/client-ecs";
import { CheckFailed } from "../checkFailed.ts";
import type { Clock } from "../clock.ts";
import { abortable } from "../cloudCall.ts";
import type { Hold } from "../deploymentController.ts";
import { readHold, writeHold } from "../holdNote.ts";
import type { AwsConnection } from "../messages.ts";
import type { ReleaseControl, ReleaseStatus } from "../releaseControl.ts";
import { ecsClient, loadBalancingClient } from "./awsClients.ts";
import { ClusterTags } from "./clusterTags.ts";
import { arnOf, Deployments, goesForward } from "./deployments.ts";
import { type EcsApi, isTooLate, nameOf, type ServiceAddress } from "./ecsApi.ts";
import { readStatus } from "./ecsStatus.ts";
import type { ElbConnection } from "./elbApi.ts";
import { openPause } from "./openPause.ts";
import { requestRollBack } from "./requestRollBack.ts";
import { ruleOf } from "./revisionTraffic.ts";
import { serverClock } from "./serverClock.ts";
import { ServiceStanding } from "./serviceStanding.ts";

export interface ControlArgs {
  connection: AwsConnection;
  /** Name or ARN. */
  cluster: string;
  /** Name or ARN. */
  service: string;
  /** The limits of the service's scaling. @default unknown, so that no number of tasks counts as drift */
  tasks?: { min: number; max: number };
  /** @default AWS's own time */
  clock?: Clock;
}

/** A connection for one command on one service; has to be closed. */
export async function connectControl(args: ControlArgs): Promise<EcsControl> {
  const client = await ecsClient(args.connection);
  const clock = args.clock ?? serverClock(client);
  let balancing: ReturnType<typeof loadBalancingClient> | undefined;
  const elb: ElbConnection = () => (balancing ??= loadBalancingClient(args.connection));
  const close = () => {
    client.destroy();
    balancing?.then(
      (connected) => connected.destroy(),
      () => undefined,
    );
  };
  return new EcsControl(args, client, elb, clock, close);
}

/** A service's release from outside of the promotion that runs it. */
export class EcsControl implements ReleaseControl {
  /** Ends the connection. */
  readonly close: () => void;
  readonly #address: ServiceAddress;
  readonly #tasks: { min: number; max: number };
  readonly #api: EcsApi;
  readonly #elb: ElbConnection;
  readonly #clock: Clock;
  readonly #deployments: Deployments;
  readonly #tags: ClusterTags;

  constructor(
    { cluster, service, tasks }: Pick<ControlArgs, "cluster" | "service" | "tasks">,
    api: EcsApi,
    elb: ElbConnection,
    clock: Clock,
    close: () => void = () => {},
  ) {
    this.#address = { cluster, service };
    this.#tasks = tasks ?? { min: 0, max: Number.POSITIVE_INFINITY };
    this.#api = api;
    this.#elb = elb;
    this.#clock = clock;
    this.#deployments = new Deployments(api, this.#address);
    this.#tags = new ClusterTags(api, this.#address);
    this.close = close;
  }

  async status(signal?: AbortSignal): Promise<ReleaseStatus> {
    const sources = { api: this.#api, elb: this.#elb, deployments: this.#deployments };
    const status = await readStatus({ ...sources, tags: this.#tags, clock: this.#clock }, signal);
    return { ...status, drift: await this.#drift(signal) };
  }

  async hold(by: string, signal?: AbortSignal): Promise<Hold> {
    const present = readHold(await this.#tags.read("hold", signal));
    if (present) return present;
    const value = writeHold({ by, since: new Date(this.#clock.now()).toISOString() });
    await this.#tags.write("hold", value, signal);
    return readHold(value) ?? { by, since: "unknown" };
  }

  async clearHold(signal?: AbortSignal): Promise<Hold | undefined> {
    const present = readHold(await this.#tags.read("hold", signal));
    if (present) await this.#tags.remove("hold", signal);
    return present;
  }

  async promoteNow(_by: string, signal?: AbortSignal): Promise<void> {
    const deployment = await this.#goingForward(signal);
    const pause = openPause(deployment);
    if (pause?.hookId === undefined) {
      const { status, lifecycleStage = "its begin" } = deployment;
      const text = `${arnOf(deployment)} waits for no verdict: it is ${status} at ${lifecycleStage}`;
      throw new CheckFailed("deployment", text);
    }
    await this.#answer(deployment, pause.hookId, "CONTINUE", signal);
  }

  async abortNow(_by: string, signal?: AbortSignal): Promise<void> {
    const deployment = await this.#goingForward(signal);
    const pause = openPause(deployment);
    if (pause?.hookId !== undefined) {
      try {
        return await this.#answer(deployment, pause.hookId, "ROLLBACK", signal);
      } catch (error) {
        // Somebody else has answered meanwhile; the deployment itself can still be stopped.
        if (!isTooLate(error)) throw error;
      }
    }
    await requestRollBack(this.#api, arnOf(deployment));
  }

  async #answer(
    deployment: ServiceDeployment,
    hookId: string,
    action: "CONTINUE" | "ROLLBACK",
    signal?: AbortSignal,
  ): Promise<void> {
    const answer = { serviceDeploymentArn: arnOf(deployment), hookId, action };
    await this.#api.continueServiceDeployment(answer, abortable(signal));
  }

  async #goingForward(signal?: AbortSignal): Promise<ServiceDeployment> {
    const [deployment] = await this.#deployments.inFlight(signal);
    if (deployment && goesForward(deployment)) return deployment;
    const name = nameOf(this.#address.service);
    throw new CheckFailed(
      "deployment",
      deployment
        ? `${arnOf(deployment)} of ${name} is being undone already (${deployment.status})`
        : `nothing is under way for ${name}`,
    );
  }

  async #drift(signal?: AbortSignal): Promise<string[]> {
    const productionRule = ruleOf(await this.#deployments.settledRevision(signal));
    if (productionRule === undefined) return [];
    const args = { address: this.#address, productionRule, tasks: this.#tasks };
    const standing = new ServiceStanding(args, this.#api, this.#elb);
    return (await standing.drift(signal)).map(({ text }) => text);
  }
}
