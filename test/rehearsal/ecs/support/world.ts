import type { DeploymentConfiguration, RegisterTaskDefinitionRequest } from "@aws-sdk/client-ecs";
import { AutoScaling } from "../../../../rehearsal/cloud/ec2/autoScaling.ts";
import { Ecs } from "../../../../rehearsal/cloud/ecs/ecs.ts";
import type { EcsArgs } from "../../../../rehearsal/cloud/ecs/ecsContext.ts";
import type { Subnet } from "../../../../rehearsal/cloud/ecs/ports.ts";
import { seededIds } from "../../../../rehearsal/cloud/ecs/seededIds.ts";
import { Journal, type Recorded } from "../../../../rehearsal/cloud/journal.ts";
import { Registry } from "../../../../rehearsal/cloud/registry.ts";
import type { Image } from "../../../../rehearsal/container/image.ts";
import { FakeContainers } from "./fakeContainers.ts";
import {
  alternate,
  FakeLoadBalancing,
  primary,
  productionRule,
  testRule,
} from "./fakeLoadBalancing.ts";
import { VirtualClock } from "./virtualClock.ts";

const repository = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/platform";
const subnets: Subnet[] = [
  { id: "subnet-a", cidrBlock: "10.0.0.0/24", availabilityZone: "eu-central-1a" },
  { id: "subnet-b", cidrBlock: "10.0.1.0/24", availabilityZone: "eu-central-1b" },
];

export const pauseAt = (...lifecycleStages: string[]): DeploymentConfiguration => ({
  strategy: "BLUE_GREEN",
  bakeTimeInMinutes: 1,
  lifecycleHooks: [
    {
      targetType: "PAUSE",
      lifecycleStages: lifecycleStages as NonNullable<
        NonNullable<DeploymentConfiguration["lifecycleHooks"]>[number]["lifecycleStages"]
      >,
      timeoutConfiguration: { timeoutInMinutes: 30, action: "ROLLBACK" },
    },
  ],
});

export const gateAndBake = pauseAt("POST_TEST_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT");

export const advancedConfiguration = {
  alternateTargetGroupArn: alternate,
  productionListenerRule: productionRule,
  testListenerRule: testRule,
  roleArn: "arn:aws:iam::123456789012:role/ecs-infrastructure",
};

/** A cluster with capacity, a load balancer, and a service whose releases are named by letters. */
export async function openWorld(
  options: Partial<EcsArgs> & { maxInstances?: number; instanceType?: string } = {},
) {
  const { maxInstances = 6, instanceType = "t3.small", ...args } = options;
  const clock = new VirtualClock();
  const journal = new Journal(clock);
  const containers = new FakeContainers();
  const loadBalancing = new FakeLoadBalancing(clock, journal);
  const registry = new Registry();
  const ids = seededIds(7);
  const place = { region: "eu-central-1", account: "123456789012" };
  const lookup = (id: string) => subnets.find((subnet) => subnet.id === id);
  const autoScaling = new AutoScaling({ clock, journal, ids, subnets: lookup, ...place });
  const ecs = new Ecs({
    clock,
    journal,
    speed: 30,
    registry,
    loadBalancing,
    autoScaling,
    ids,
    subnets: lookup,
    startContainer: containers.start,
    ...place,
    ...args,
  });
  const image = registry.push(repository, "one", anImage());

  await autoScaling.createLaunchTemplate({
    LaunchTemplateName: "platform",
    LaunchTemplateData: {
      InstanceType: instanceType,
      UserData: Buffer.from("#!/bin/sh\necho ECS_CLUSTER=main >> /etc/ecs/ecs.config\n").toString(
        "base64",
      ),
    },
  });
  const { AutoScalingGroup } = await autoScaling.createAutoScalingGroup({
    AutoScalingGroupName: "platform",
    MinSize: 0,
    MaxSize: maxInstances,
    VPCZoneIdentifier: "subnet-a,subnet-b",
    LaunchTemplate: { LaunchTemplateName: "platform", Version: "1" },
    NewInstancesProtectedFromScaleIn: true,
  });
  await ecs.createCluster({ clusterName: "main" });
  await ecs.createCapacityProvider({
    name: "capacity",
    autoScalingGroupProvider: {
      autoScalingGroupArn: AutoScalingGroup.AutoScalingGroupARN,
      managedScaling: { status: "ENABLED", targetCapacity: 100, instanceWarmupPeriod: 60 },
      managedTerminationProtection: "ENABLED",
    },
  });
  await ecs.putClusterCapacityProviders({
    cluster: "main",
    capacityProviders: ["capacity"],
    defaultCapacityProviderStrategy: [{ capacityProvider: "capacity", weight: 1 }],
  });

  const world = {
    clock,
    journal,
    containers,
    loadBalancing,
    autoScaling,
    ecs,
    registry,
    image,
    definition: (release: string): RegisterTaskDefinitionRequest => ({
      family: "platform",
      networkMode: "awsvpc",
      requiresCompatibilities: ["EC2"],
      cpu: "256",
      memory: "512",
      containerDefinitions: [
        {
          name: "platform",
          image,
          portMappings: [{ containerPort: 8000 }],
          environment: [
            { name: "RELEASE_ID", value: release },
            { name: "DRAIN_SECONDS", value: "60" },
          ],
          healthCheck: { command: ["CMD-SHELL", "true"], interval: 30 },
          stopTimeout: 40,
        },
      ],
    }),
    /** Registers a task definition and returns its ARN. */
    async register(release: string): Promise<string> {
      const { taskDefinition } = await ecs.registerTaskDefinition(world.definition(release));
      return taskDefinition?.taskDefinitionArn ?? "";
    },
    async create(
      release: string,
      deploymentConfiguration: DeploymentConfiguration,
      desiredCount = 2,
      options: { advanced?: boolean } = {},
    ) {
      const taskDefinition = await world.register(release);
      await world.createOf(taskDefinition, deploymentConfiguration, desiredCount, options);
    },
    /** The service, of a task definition by its ARN. */
    async createOf(
      taskDefinition: string,
      deploymentConfiguration: DeploymentConfiguration,
      desiredCount = 2,
      { advanced = true }: { advanced?: boolean } = {},
    ) {
      await ecs.createService({
        cluster: "main",
        serviceName: "platform",
        desiredCount,
        deploymentConfiguration,
        taskDefinition,
        networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a", "subnet-b"] } },
        healthCheckGracePeriodSeconds: 30,
        loadBalancers: [
          {
            targetGroupArn: primary,
            containerName: "platform",
            containerPort: 8000,
            ...(advanced ? { advancedConfiguration } : {}),
          },
        ],
      });
    },
    async update(release: string): Promise<void> {
      const taskDefinition = await world.register(release);
      await ecs.updateService({ cluster: "main", service: "platform", taskDefinition });
    },
    /** The newest deployment. */
    async newest() {
      const { serviceDeployments = [] } = await ecs.listServiceDeployments({
        cluster: "main",
        service: "platform",
      });
      const arn = serviceDeployments[0]?.serviceDeploymentArn ?? "";
      return world.deployment(arn);
    },
    async deployment(arn: string) {
      const answer = await ecs.describeServiceDeployments({ serviceDeploymentArns: [arn] });
      return answer.serviceDeployments?.[0] ?? {};
    },
    async service() {
      const { services } = await ecs.describeServices({ cluster: "main", services: ["platform"] });
      return services?.[0] ?? {};
    },
    /** Answers the pause that is open at the newest deployment. */
    async answer(action: "CONTINUE" | "ROLLBACK"): Promise<void> {
      const { serviceDeploymentArn, lifecycleHookDetails = [] } = await world.newest();
      const open = lifecycleHookDetails.find(({ status }) => status === "AWAITING_ACTION");
      await ecs.continueServiceDeployment({
        serviceDeploymentArn,
        hookId: open?.hookId,
        action,
      });
    },
    /** Waits for an event that has happened since the last wait, or will. */
    until(matches: (event: Recorded) => boolean): Promise<Recorded> {
      return new Promise((resolve) => {
        const known = journal.events.findIndex((event, at) => at >= world.seen && matches(event));
        const done = (event: Recorded, at: number) => {
          world.seen = at + 1;
          resolve(event);
        };
        const found = journal.events[known];
        if (found) return done(found, known);
        const end = journal.subscribe((event) => {
          if (!matches(event)) return;
          end();
          done(event, journal.events.length - 1);
        });
      });
    },
    seen: 0,
    stage: (stage: string) =>
      world.until(
        (event) =>
          event.kind === "deployment" && event.stage === stage && event.status === "IN_PROGRESS",
      ),
    status: (...statuses: string[]) =>
      world.until((event) => event.kind === "deployment" && statuses.includes(event.status)),
    /** The paused stage, once the hook is really open. */
    async paused(stage: string): Promise<void> {
      await world.stage(stage);
      await settled();
    },
    /** Lets the service live release A, with both pauses answered. */
    async live(release: string): Promise<void> {
      await world.create(release, gateAndBake);
      await world.pass();
    },
    async pass(): Promise<void> {
      await world.paused("POST_TEST_TRAFFIC_SHIFT");
      await world.answer("CONTINUE");
      await world.paused("POST_PRODUCTION_TRAFFIC_SHIFT");
      await world.answer("CONTINUE");
      await world.status("SUCCESSFUL");
    },
    /** Deployments, verdicts and weights in words. */
    story: (from = 0) => journal.events.slice(from).flatMap(inWords),
    async close(): Promise<void> {
      await ecs.close();
      await autoScaling.close();
      clock.stop();
    },
  };
  return world;
}

/** Work made of promises alone is over. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function inWords(event: Recorded): string[] {
  if (event.kind === "deployment") {
    return [`${event.from ?? "-"}→${event.release} ${event.status} ${event.stage}`.trim()];
  }
  if (event.kind === "verdict") return [`${event.action} by ${event.by} at ${event.stage}`];
  if (event.kind === "stopRequested") return [`stop ${event.release}`];
  if (event.kind !== "weights") return [];
  const { primary: one, alternate: two } = event.weights;
  return [`${event.traffic} primary ${one ?? 0} alternate ${two ?? 0}`];
}

export function anImage(digit = "1"): Image {
  return {
    digest: `sha256:${digit.repeat(64)}`,
    root: "/image",
    env: { PORT: "8000", KEEP_ALIVE_SECONDS: "75" },
    workdir: "/image/app",
    entrypoint: [],
    cmd: ["python", "-m", "symphainy-platform.main"],
    healthcheck: {
      test: ["CMD-SHELL", "image"],
      intervalSeconds: 30,
      timeoutSeconds: 10,
      startPeriodSeconds: 5,
      retries: 3,
    },
    stopSignal: "SIGTERM",
    user: "app",
    exposedPorts: [8000],
    notRehearsed: [],
  };
}
