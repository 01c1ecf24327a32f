import type { Clock } from "../../../provider/clock.ts";
import { AwsError } from "../awsError.ts";
import { nameOf } from "../ecs/arns.ts";
import type { Ids, InstancePool, PoolGroup, PoolInstance, SubnetLookup } from "../ecs/ports.ts";
import type { Journal } from "../journal.ts";
import { clusterName } from "./clusterName.ts";
import { checkSizes, describeGroup, type Group, leastUsedZone, subnetsOf } from "./group.ts";
import { LaunchTemplates } from "./launchTemplates.ts";
import type {
  AutoScalingGroup,
  CreateAutoScalingGroupRequest,
  CreateLaunchTemplateRequest,
  LaunchTemplate,
  LaunchTemplateData,
  LaunchTemplateSpecification,
  UpdateAutoScalingGroupRequest,
} from "./shapes.ts";

export interface AutoScalingArgs {
  clock: Clock;
  journal: Journal;
  ids: Ids;
  subnets: SubnetLookup;
  region: string;
  account: string;
  /**
   * From launch to a container instance that takes tasks, in cloud seconds.
   *
   * @default 60
   */
  bootSeconds?: number;
}

/** Launch templates, auto scaling groups and their instances. An instance is a number of CPU units and MiB here. */
export class AutoScaling implements InstancePool {
  readonly #args: AutoScalingArgs;
  readonly #templates: LaunchTemplates;
  readonly #groups = new Map<string, Group>();
  readonly #listeners = new Set<() => void>();
  readonly #closing = new AbortController();

  constructor(args: AutoScalingArgs) {
    this.#args = args;
    this.#templates = new LaunchTemplates(args.ids);
  }

  async createLaunchTemplate(
    input: CreateLaunchTemplateRequest,
  ): Promise<{ LaunchTemplate: LaunchTemplate }> {
    return { LaunchTemplate: this.#templates.create(input) };
  }

  async createLaunchTemplateVersion(input: {
    LaunchTemplateId: string;
    LaunchTemplateData: LaunchTemplateData;
    /** Makes the new version the default one. */
    SetDefault?: boolean;
  }): Promise<{ LaunchTemplate: LaunchTemplate }> {
    const { LaunchTemplateId, LaunchTemplateData, SetDefault } = input;
    return {
      LaunchTemplate: this.#templates.createVersion(
        LaunchTemplateId,
        LaunchTemplateData,
        SetDefault,
      ),
    };
  }

  async describeLaunchTemplate(
    input: LaunchTemplateSpecification,
  ): Promise<{ LaunchTemplate: LaunchTemplate }> {
    return { LaunchTemplate: this.#templates.describe(input) };
  }

  async deleteLaunchTemplate(input: { LaunchTemplateId: string }): Promise<void> {
    this.#templates.delete(input.LaunchTemplateId);
  }

  /** @throws AwsError AlreadyExists, ValidationError. */
  async createAutoScalingGroup(
    input: CreateAutoScalingGroupRequest,
  ): Promise<{ AutoScalingGroup: AutoScalingGroup }> {
    const name = input.AutoScalingGroupName;
    if (this.#groups.has(name)) {
      throw new AwsError(
        "AlreadyExists",
        `AutoScalingGroup by this name already exists - A group by the name ${name} already exists`,
      );
    }
    const request = {
      ...input,
      DesiredCapacity: input.DesiredCapacity ?? input.MinSize,
      NewInstancesProtectedFromScaleIn: input.NewInstancesProtectedFromScaleIn ?? false,
    };
    this.#check(request);
    const { region, account, ids, clock } = this.#args;
    const group: Group = {
      request,
      arn: `arn:aws:autoscaling:${region}:${account}:autoScalingGroup:${ids.hex(32)}:autoScalingGroupName/${name}`,
      createdAt: clock.now(),
      instances: [],
    };
    this.#groups.set(name, group);
    this.#reconcile(group);
    return { AutoScalingGroup: describeGroup(group) };
  }

  /** A new launch template version changes instances that are launched from now on, not those that run. */
  async updateAutoScalingGroup(
    input: UpdateAutoScalingGroupRequest,
  ): Promise<{ AutoScalingGroup: AutoScalingGroup }> {
    const group = this.#get(input.AutoScalingGroupName);
    const merged = { ...group.request, ...input };
    const { MinSize, MaxSize, DesiredCapacity } = merged;
    const request = {
      ...merged,
      DesiredCapacity:
        input.DesiredCapacity ?? Math.min(Math.max(DesiredCapacity, MinSize), MaxSize),
    };
    this.#check(request);
    group.request = request;
    this.#reconcile(group);
    return { AutoScalingGroup: describeGroup(group) };
  }

  async describeAutoScalingGroups(
    input: { AutoScalingGroupNames?: string[] } = {},
  ): Promise<{ AutoScalingGroups: AutoScalingGroup[] }> {
    const names = input.AutoScalingGroupNames;
    const groups = [...this.#groups.values()].filter(
      ({ request }) => names === undefined || names.includes(request.AutoScalingGroupName),
    );
    return { AutoScalingGroups: groups.map(describeGroup) };
  }

  /** @throws AwsError ResourceInUse, when it has instances and `ForceDelete` is not set. */
  async deleteAutoScalingGroup(input: {
    AutoScalingGroupName: string;
    ForceDelete?: boolean;
  }): Promise<void> {
    const group = this.#get(input.AutoScalingGroupName);
    if (group.instances.length > 0 && input.ForceDelete !== true) {
      throw new AwsError(
        "ResourceInUse",
        `You cannot delete an AutoScalingGroup while there are instances or pending Spot instance ` +
          `request(s) still in the group (${group.instances.length} in ${input.AutoScalingGroupName}).`,
      );
    }
    for (const instance of group.instances.splice(0)) this.#ended(instance);
    this.#groups.delete(input.AutoScalingGroupName);
    this.#changed();
  }

  /** Ends an instance as a failure of its machine would; the group launches another. */
  async terminateInstance(input: { InstanceId: string }): Promise<void> {
    const group = this.#groupOf(input.InstanceId);
    this.#terminate(group, input.InstanceId);
    this.#reconcile(group);
  }

  group(nameOrArn: string): PoolGroup | undefined {
    const group = this.#groups.get(nameOf(nameOrArn));
    if (!group) return undefined;
    const { request, arn } = group;
    return {
      arn,
      name: request.AutoScalingGroupName,
      minSize: request.MinSize,
      maxSize: request.MaxSize,
      desiredCapacity: request.DesiredCapacity,
      instanceType: this.#templates.resolve(request.LaunchTemplate).InstanceType ?? "t3.small",
      protectedFromScaleIn: request.NewInstancesProtectedFromScaleIn,
    };
  }

  instances(nameOrArn: string): readonly PoolInstance[] {
    return this.#groups.get(nameOf(nameOrArn))?.instances ?? [];
  }

  setDesired(nameOrArn: string, capacity: number): void {
    const group = this.#get(nameOf(nameOrArn));
    const { MinSize, MaxSize } = group.request;
    group.request.DesiredCapacity = Math.min(Math.max(capacity, MinSize), MaxSize);
    this.#reconcile(group);
  }

  removeInstance(instanceId: string): void {
    const group = this.#groupOf(instanceId);
    group.request.DesiredCapacity -= 1;
    this.#terminate(group, instanceId);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What exists, in words; empty in an empty world. */
  inventory(): string[] {
    return [
      ...this.#templates.inventory(),
      ...[...this.#groups.values()].flatMap((group) => [
        `auto scaling group ${group.request.AutoScalingGroupName}`,
        ...group.instances.map((instance) => `instance ${instance.instanceId}`),
      ]),
    ];
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error("the rehearsal ends"));
    this.#listeners.clear();
  }

  #reconcile(group: Group): void {
    const { DesiredCapacity, NewInstancesProtectedFromScaleIn } = group.request;
    while (group.instances.length < DesiredCapacity) this.#launch(group);
    // Protected instances stay until the cluster's managed scaling lets them go.
    const surplus = NewInstancesProtectedFromScaleIn ? 0 : group.instances.length - DesiredCapacity;
    for (const { instanceId } of group.instances.slice(0, Math.max(surplus, 0))) {
      this.#terminate(group, instanceId);
    }
    this.#changed();
  }

  #launch(group: Group): void {
    const { clock, ids, journal, bootSeconds = 60 } = this.#args;
    const data = this.#templates.resolve(group.request.LaunchTemplate);
    const instance: PoolInstance = {
      instanceId: `i-${ids.hex(17)}`,
      availabilityZone: leastUsedZone(group, subnetsOf(group.request, this.#args.subnets)),
      instanceType: data.InstanceType ?? "t3.small",
      clusterName: clusterName(data.UserData),
      active: false,
      launchedAt: clock.now(),
    };
    group.instances.push(instance);
    journal.record({ kind: "instance", instance: instance.instanceId, status: "launching" });
    clock.sleep(bootSeconds, this.#closing.signal).then(
      () => {
        if (!group.instances.includes(instance)) return;
        instance.active = true;
        journal.record({ kind: "instance", instance: instance.instanceId, status: "active" });
        this.#changed();
      },
      () => undefined,
    );
  }

  #terminate(group: Group, instanceId: string): void {
    const index = group.instances.findIndex((instance) => instance.instanceId === instanceId);
    for (const instance of group.instances.splice(index, 1)) this.#ended(instance);
    this.#changed();
  }

  #ended(instance: PoolInstance): void {
    instance.active = false;
    const { journal } = this.#args;
    journal.record({ kind: "instance", instance: instance.instanceId, status: "terminated" });
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #check(request: Required<CreateAutoScalingGroupRequest>): void {
    checkSizes(request);
    this.#templates.resolve(request.LaunchTemplate);
    subnetsOf(request, this.#args.subnets);
  }

  #get(name: string): Group {
    const group = this.#groups.get(name);
    if (group) return group;
    throw new AwsError("ValidationError", `AutoScalingGroup name not found - ${name}`);
  }

  #groupOf(instanceId: string): Group {
    for (const group of this.#groups.values()) {
      if (group.instances.some((instance) => instance.instanceId === instanceId)) return group;
    }
    throw new AwsError(
      "ValidationError",
      `Instance Id not found - No managed instance ${instanceId}`,
    );
  }
}
