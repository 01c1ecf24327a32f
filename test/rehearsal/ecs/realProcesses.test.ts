import { expect } from "chai";
import { scaledClock } from "../../../provider/clock.ts";
import { AutoScaling } from "../../../rehearsal/cloud/ec2/autoScaling.ts";
import { Ecs } from "../../../rehearsal/cloud/ecs/ecs.ts";
import { seededIds } from "../../../rehearsal/cloud/ecs/seededIds.ts";
import { Registry } from "../../../rehearsal/cloud/registry.ts";
import type { Container } from "../../../rehearsal/container/container.ts";
import { startContainer } from "../../../rehearsal/container/startContainer.ts";
import { type Cloud, makeFront, makeGroup, makeRule, openCloud } from "../elb/cloud.ts";
import { until } from "../processes/until.ts";
import { anImage } from "./support/world.ts";

/** Says its release, and on SIGTERM finishes what it has. */
const server = `
  const http = require("node:http");
  const server = http.createServer((request, response) => {
    response.setHeader("x-release-id", process.env.RELEASE_ID);
    response.end(process.env.DRAIN_SECONDS);
  });
  server.listen(Number(process.env.PORT), "0.0.0.0");
  process.on("SIGTERM", () => server.close(() => process.exit(0)));
`;

const speed = 60;
const place = { region: "eu-central-1", account: "123456789012" };
const service = { cluster: "main", service: "platform" };
const secret = "let-me-see-the-candidate";

describe("ECS over real processes and a real load balancer", () => {
  let cloud: Cloud;
  let ecs: Ecs;
  let autoScaling: AutoScaling;
  let url: string;
  let image: string;
  const containers: Container[] = [];

  before(async () => {
    cloud = await openCloud({ speed });
    const { journal, loadBalancing, processes } = cloud;
    const clock = scaledClock({ speed });
    const ids = seededIds(1);
    const subnets = (id: string) => ({
      id,
      cidrBlock: id === "subnet-a" ? "10.0.0.0/24" : "10.0.1.0/24",
      availabilityZone: id === "subnet-a" ? "eu-central-1a" : "eu-central-1b",
    });
    autoScaling = new AutoScaling({ clock, journal, ids, subnets, ...place });
    const registry = new Registry();
    image = registry.push("registry/app", "one", {
      ...anImage(),
      root: "/",
      workdir: "/",
      cmd: [process.execPath, "-e", server],
      env: {},
    });
    ecs = new Ecs({
      clock,
      journal,
      speed,
      registry,
      loadBalancing,
      autoScaling,
      ids,
      subnets,
      startContainer: async (spec) => {
        const container = await startContainer(spec, { processes, clock });
        containers.push(container);
        return container;
      },
      ...place,
    });
    await openCluster();
    url = await openService();
  });

  after(async () => {
    await ecs.close();
    await autoScaling.close();
    await cloud.close();
  });

  it("brings the first release up, and shifts to the next without losing a request", async () => {
    await pass("A");
    expect(await release()).to.equal("A");
    const load = startLoad();
    await ecs.updateService({ ...service, taskDefinition: await register("B") });
    await paused("B", "POST_TEST_TRAFFIC_SHIFT");
    expect(await release()).to.equal("A");
    expect(await release({ "x-test": secret })).to.equal("B");
    await answer("CONTINUE");
    await paused("B", "POST_PRODUCTION_TRAFFIC_SHIFT");
    expect(await release()).to.equal("B");
    await answer("CONTINUE");
    await ended("B", "SUCCESSFUL");
    const { answers, failures } = await load.stop();
    expect(failures).to.deep.equal([]);
    expect(answers.get("A")).to.be.greaterThan(10);
    expect(answers.get("B")).to.be.greaterThan(10);
    expect([...answers.keys()]).to.have.members(["A", "B"]);
  });

  it("gives the traffic back in the bake without losing a request", async () => {
    const load = startLoad();
    await ecs.updateService({ ...service, taskDefinition: await register("C") });
    await paused("C", "POST_TEST_TRAFFIC_SHIFT");
    await answer("CONTINUE");
    await paused("C", "POST_PRODUCTION_TRAFFIC_SHIFT");
    await answer("ROLLBACK");
    await ended("C", "ROLLBACK_SUCCESSFUL");
    const { failures } = await load.stop();
    expect(failures).to.deep.equal([]);
    expect(await release()).to.equal("B");
  });

  it("loses an instance with its processes, and serves again without it", async () => {
    const [group] = (await autoScaling.describeAutoScalingGroups()).AutoScalingGroups;
    await autoScaling.terminateInstance({ InstanceId: group?.Instances[0]?.InstanceId ?? "" });
    await until(() => containers.some(({ stoppedReason = "" }) => /SIGKILL/.test(stoppedReason)));
    await until(async () => (await release()) === "B" && (await release()) === "B");
  });

  it("gives a process the platform's timers in cloud time", async () => {
    expect(await (await fetch(url)).text()).to.equal("1");
  });

  async function openCluster(): Promise<void> {
    await autoScaling.createLaunchTemplate({
      LaunchTemplateName: "app",
      LaunchTemplateData: {
        InstanceType: "t3.small",
        UserData: Buffer.from("ECS_CLUSTER=main").toString("base64"),
      },
    });
    const { AutoScalingGroup } = await autoScaling.createAutoScalingGroup({
      AutoScalingGroupName: "app",
      MinSize: 2,
      MaxSize: 4,
      VPCZoneIdentifier: "subnet-a,subnet-b",
      LaunchTemplate: { LaunchTemplateName: "app" },
    });
    await ecs.createCluster({ clusterName: "main" });
    await ecs.createCapacityProvider({
      name: "capacity",
      autoScalingGroupProvider: {
        autoScalingGroupArn: AutoScalingGroup.AutoScalingGroupARN,
        managedScaling: { status: "ENABLED" },
      },
    });
    await ecs.putClusterCapacityProviders({
      cluster: "main",
      capacityProviders: ["capacity"],
      defaultCapacityProviderStrategy: [{ capacityProvider: "capacity" }],
    });
  }

  async function openService(): Promise<string> {
    const front = await makeFront(cloud);
    const one = await makeGroup(cloud, "one");
    const two = await makeGroup(cloud, "two");
    const productionListenerRule = await makeRule(cloud, front.listener, { [one]: 100, [two]: 0 });
    const testListenerRule = await makeRule(
      cloud,
      front.listener,
      { [one]: 100, [two]: 0 },
      { priority: 10, header: ["x-test", secret] },
    );
    await ecs.createService({
      cluster: "main",
      serviceName: "platform",
      desiredCount: 2,
      taskDefinition: await register("A"),
      healthCheckGracePeriodSeconds: 60,
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a", "subnet-b"] } },
      deploymentConfiguration: {
        strategy: "BLUE_GREEN",
        bakeTimeInMinutes: 1,
        lifecycleHooks: [
          {
            targetType: "PAUSE",
            lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT"],
          },
        ],
      },
      loadBalancers: [
        {
          targetGroupArn: one,
          containerName: "app",
          containerPort: 8000,
          advancedConfiguration: {
            alternateTargetGroupArn: two,
            productionListenerRule,
            testListenerRule,
            roleArn: "arn:aws:iam::123456789012:role/shift",
          },
        },
      ],
    });
    return front.url;
  }

  async function register(name: string): Promise<string> {
    const { taskDefinition } = await ecs.registerTaskDefinition({
      family: "app",
      networkMode: "awsvpc",
      cpu: "256",
      memory: "256",
      containerDefinitions: [
        {
          name: "app",
          image,
          portMappings: [{ containerPort: 8000 }],
          environment: [
            { name: "RELEASE_ID", value: name },
            { name: "DRAIN_SECONDS", value: "60" },
          ],
          stopTimeout: 10,
        },
      ],
    });
    return taskDefinition?.taskDefinitionArn ?? "";
  }

  async function pass(name: string): Promise<void> {
    await paused(name, "POST_TEST_TRAFFIC_SHIFT");
    await answer("CONTINUE");
    await paused(name, "POST_PRODUCTION_TRAFFIC_SHIFT");
    await answer("CONTINUE");
    await ended(name, "SUCCESSFUL");
  }

  async function answer(action: "CONTINUE" | "ROLLBACK"): Promise<void> {
    const { services } = await ecs.describeServices({ cluster: "main", services: ["platform"] });
    const serviceDeploymentArn = services?.[0]?.currentServiceDeployment;
    const { serviceDeployments } = await ecs.describeServiceDeployments({
      serviceDeploymentArns: [serviceDeploymentArn ?? ""],
    });
    const open = serviceDeployments?.[0]?.lifecycleHookDetails?.find(
      ({ status }) => status === "AWAITING_ACTION",
    );
    await ecs.continueServiceDeployment({ serviceDeploymentArn, hookId: open?.hookId, action });
  }

  const paused = (name: string, stage: string) => deployment(name, "IN_PROGRESS", stage);
  const ended = (name: string, status: string) => deployment(name, status);

  function deployment(name: string, status: string, stage?: string): Promise<void> {
    return new Promise((resolve) => {
      const matches = (event: Cloud["journal"]["events"][number]) =>
        event.kind === "deployment" &&
        event.release === name &&
        event.status === status &&
        (stage === undefined || event.stage === stage);
      const { journal } = cloud;
      // A pause is open once the work that announced it is over.
      if (journal.events.some(matches)) return setImmediate(resolve);
      const end = journal.subscribe((event) => {
        if (!matches(event)) return;
        end();
        setImmediate(resolve);
      });
    });
  }

  async function release(headers: Record<string, string> = {}): Promise<string | null> {
    return (await fetch(url, { headers })).headers.get("x-release-id");
  }

  function stopping() {
    const controller = new AbortController();
    return { signal: controller.signal, abort: () => controller.abort() };
  }

  /** Four clients, each with one request at a time. */
  function startLoad() {
    const answers = new Map<string, number>();
    const failures: string[] = [];
    const { signal, abort } = stopping();
    const clients = Array.from({ length: 4 }, async () => {
      while (!signal.aborted) {
        try {
          const response = await fetch(url);
          await response.text();
          const name = response.headers.get("x-release-id") ?? "none";
          if (response.ok) answers.set(name, (answers.get(name) ?? 0) + 1);
          else failures.push(`${response.status} by ${name}`);
        } catch (error) {
          failures.push(String(error));
        }
        await scaledClock({ speed: 1 }).sleep(0.01);
      }
    });
    return {
      async stop() {
        abort();
        await Promise.all(clients);
        return { answers, failures };
      },
    };
  }
});
