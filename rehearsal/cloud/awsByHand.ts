import type { Service } from "@aws-sdk/client-ecs";
import type { ByHand } from "../stories/play.ts";
import type { AutoScaling } from "./ec2/autoScaling.ts";
import { nameOf } from "./ecs/arns.ts";
import type { Ecs } from "./ecs/ecs.ts";
import type { TrafficPort } from "./ecs/ports.ts";
import type { Journal } from "./journal.ts";

export interface AwsByHandArgs {
  ecs: Ecs;
  autoScaling: AutoScaling;
  loadBalancing: Pick<TrafficPort, "modifyRule">;
  journal: Journal;
  /** The services that the program has made. */
  services: () => { cluster: string; service: string }[];
}

/**
 * What somebody does to the account past the program, with the cloud's console, and what happens to it by itself.
 * Each takes the name of a service; without one the account's only service is meant.
 */
export class AwsByHand implements ByHand {
  readonly #args: AwsByHandArgs;

  constructor(args: AwsByHandArgs) {
    this.#args = args;
  }

  /**
   * Gives the live release's target group so much of the production traffic, and the other group the rest, in percent.
   * A group without targets answers its share with 503.
   */
  async weights(live: number, name?: string): Promise<void> {
    const { advancedConfiguration, targetGroupArn = "" } = await this.#balancer(name);
    const { alternateTargetGroupArn, productionListenerRule } = advancedConfiguration ?? {};
    const liveGroup = await this.#liveGroup(name);
    if (!productionListenerRule || !alternateTargetGroupArn || !liveGroup) {
      throw new Error("The service has one target group: there are no weights to change.");
    }
    const other = liveGroup === targetGroupArn ? alternateTargetGroupArn : targetGroupArn;
    this.#record(`somebody sets the production weights to ${live}/${100 - live}`);
    const TargetGroups = [
      { TargetGroupArn: liveGroup, Weight: live },
      { TargetGroupArn: other, Weight: 100 - live },
    ];
    await this.#args.loadBalancing.modifyRule({
      RuleArn: productionListenerRule,
      Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
    });
  }

  /** A changed count starts no deployment. */
  async desiredCount(count: number, name?: string): Promise<void> {
    this.#record(`somebody sets the desired count to ${count}`);
    await this.#args.ecs.updateService({ ...this.#find(name), desiredCount: count });
  }

  /** Has ECS deploy a task definition, by its ARN or as `family:revision`. */
  async deploy(taskDefinition: string, name?: string): Promise<void> {
    this.#record(`somebody deploys ${nameOf(taskDefinition)}`);
    await this.#args.ecs.updateService({ ...this.#find(name), taskDefinition });
  }

  /**
   * Ends an instance as the loss of its machine would: processes are killed, nothing is drained. The group launches
   * another one.
   *
   * @param instanceId - default: the one with the most running tasks.
   * @returns its id.
   */
  async terminateInstance(instanceId?: string): Promise<string> {
    const { autoScaling } = this.#args;
    const lost = instanceId ?? (await this.#busiest());
    this.#record(`instance ${lost} is lost`);
    await autoScaling.terminateInstance({ InstanceId: lost });
    return lost;
  }

  /**
   * Fargate Spot takes a running task back, with two minutes' notice.
   *
   * @returns its ARN.
   */
  async interruptSpot(): Promise<string> {
    const { ecs } = this.#args;
    const task = ecs.interruptSpot();
    this.#record(`Fargate Spot takes task ${nameOf(task).slice(0, 8)} back`);
    return task;
  }

  async #busiest(): Promise<string> {
    const { ecs, services } = this.#args;
    const counts = new Map<string, number>();
    for (const cluster of new Set(services().map((one) => one.cluster))) {
      const { taskArns } = await ecs.listTasks({ cluster });
      const { tasks = [] } = await ecs.describeTasks({ cluster, tasks: taskArns ?? [] });
      for (const { lastStatus, containerInstanceArn = "" } of tasks) {
        const instance = nameOf(containerInstanceArn);
        if (lastStatus === "RUNNING") counts.set(instance, (counts.get(instance) ?? 0) + 1);
      }
    }
    const [busiest] = [...counts].toSorted(([, one], [, other]) => other - one);
    if (busiest) return busiest[0];
    throw new Error("No instance can be lost: no task runs on any.");
  }

  async #balancer(name?: string) {
    const [balancer] = (await this.#describe(name)).loadBalancers ?? [];
    if (balancer) return balancer;
    throw new Error("The service has no load balancer: there are no weights to change.");
  }

  /** The newest revision that has all its traffic; between deployments there is only one. */
  async #liveGroup(name?: string): Promise<string | undefined> {
    const { currentServiceRevisions = [] } = await this.#describe(name);
    const { serviceRevisions = [] } = await this.#args.ecs.describeServiceRevisions({
      serviceRevisionArns: currentServiceRevisions.flatMap(({ arn }) => arn ?? []),
    });
    return serviceRevisions[0]?.resolvedConfiguration?.loadBalancers?.[0]?.targetGroupArn;
  }

  async #describe(name?: string): Promise<Service> {
    const { cluster, service } = this.#find(name);
    const { services = [] } = await this.#args.ecs.describeServices({
      cluster,
      services: [service],
    });
    if (services[0]) return services[0];
    throw new Error(`There is no service ${service} in cluster ${nameOf(cluster)}.`);
  }

  #find(name?: string): { cluster: string; service: string } {
    const all = this.#args.services();
    const found = name === undefined ? all : all.filter(({ service }) => nameOf(service) === name);
    if (found[0] && found.length === 1) return found[0];
    const known = all.map(({ service }) => nameOf(service)).join(", ") || "none";
    throw new Error(
      name === undefined
        ? `Say which service: the account has ${known}.`
        : `There is no service ${name}; the account has: ${known}.`,
    );
  }

  #record(what: string): void {
    this.#args.journal.record({ kind: "fault", what });
  }
}
