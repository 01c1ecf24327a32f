import { expect } from "chai";
import type { FargateCapacitySettings, ServiceSettings } from "../../settings.ts";
import { only, record } from "../support/mocks.ts";
import { fargateSettings, service } from "../support/settings.ts";
import { keepsTheContract } from "./contract.ts";
import { untaggableAws } from "./untaggableAws.ts";

keepsTheContract({
  name: "fargate",
  settings: fargateSettings,
  ownCloud: "@pulumi/aws",
  otherClouds: /^@pulumi\/gcp$|^@google-cloud\/|^google-auth-library$/,
  untaggable: untaggableAws,
});

describe("tasks on Fargate", () => {
  const run = (fargate: Partial<FargateCapacitySettings> = {}) =>
    record(async () => {
      const { createTarget } = await import("../../targets/index.ts");
      const settings = fargateSettings(service());
      const capacity = { ...settings.fargate, ...fargate };
      return createTarget("symphainy", { ...settings, fargate: capacity });
    });
  const serviceType = "aws:ecs/service:Service";
  const definitionType = "aws:ecs/taskDefinition:TaskDefinition";

  it("have no instances, and nothing to be placed on", async () => {
    const recording = await run();
    const types = recording.resources.map(({ type }) => type);
    expect(types.filter((type) => /^aws:(autoscaling|ec2\/launchTemplate)/.test(type))).to.be.empty;
    const { inputs } = only(recording, serviceType);
    expect(inputs).not.to.have.property("orderedPlacementStrategies");
    expect(inputs).to.have.property("platformVersion", "1.4.0");
    expect(only(recording, definitionType).inputs).to.deep.include({
      requiresCompatibilities: ["FARGATE"],
      cpu: "256",
      memory: "512",
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
    });
  });

  it("wait until the cluster has the capacity that they ask for", async () => {
    const recording = await run();
    const { inputs } = only(recording, "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders");
    expect(inputs.capacityProviders).to.deep.equal(["FARGATE", "FARGATE_SPOT"]);
    const { dependencies } = only(recording, serviceType);
    expect(dependencies.join("\n")).to.include("ClusterCapacityProviders");
  });

  for (const [spotPercent, strategy] of [
    [0, [{ capacityProvider: "FARGATE", weight: 1 }]],
    [100, [{ capacityProvider: "FARGATE_SPOT", weight: 1 }]],
    [
      70,
      [
        { capacityProvider: "FARGATE", base: 1, weight: 3 },
        { capacityProvider: "FARGATE_SPOT", weight: 7 },
      ],
    ],
  ] as const) {
    it(`run on Spot by ${spotPercent} %, and another share is a deployment to answer for`, async () => {
      const [before, after] = [await run({ spotPercent: 40 }), await run({ spotPercent })];
      expect(only(after, serviceType).inputs.capacityProviderStrategies).to.deep.equal(strategy);
      const [one, other] = [before, after].map(
        (recording) => only(recording, "rollout:index:Promotion").inputs.deployment,
      );
      expect(one).to.have.property("configuration").that.is.a("string");
      expect(other).to.have.property("configuration").that.is.not.equal(configurationOf(one));
    });
  }

  it("have the storage and the processor that the settings say", async () => {
    const { inputs } = only(
      await run({ architecture: "arm64", ephemeralStorageGib: 60 }),
      definitionType,
    );
    expect(inputs.ephemeralStorage).to.deep.equal({ sizeInGib: 60 });
    expect(inputs.runtimePlatform).to.have.property("cpuArchitecture", "ARM64");
  });

  it("can write to /tmp and nowhere else", async () => {
    const { inputs } = only(await run(), definitionType);
    const [container] = JSON.parse(String(inputs.containerDefinitions));
    expect(container.readonlyRootFilesystem).to.equal(true);
    const [volume] = inputs.volumes as { name: string }[];
    expect(container.mountPoints).to.deep.equal([
      { sourceVolume: volume?.name, containerPath: "/tmp", readOnly: false },
    ]);
  });
});

function configurationOf(deployment: unknown): unknown {
  return Reflect.get(Object(deployment), "configuration");
}

describe("the target fargate without NAT gateways", () => {
  async function created(...services: ServiceSettings[]) {
    const settings = fargateSettings(...services);
    const { resources } = await record(async () => {
      const { createTarget } = await import("../../targets/index.ts");
      const network = { ...settings.network, natGateways: "none" } as const;
      return createTarget("symphainy", { ...settings, network });
    });
    const endpoints = resources.filter(({ type }) => type === "aws:ec2/vpcEndpoint:VpcEndpoint");
    return { resources, endpoints, names: endpoints.map(({ inputs }) => inputs.serviceName) };
  }
  const full = (names: string[]) => names.map((it) => `com.amazonaws.eu-central-1.${it}`);

  it("reaches what pulls images, takes logs and keeps its services' secrets", async () => {
    const secrets = { TOKEN: "arn:aws:ssm:eu-central-1:123456789012:parameter/token" };
    const { resources, endpoints, names } = await created(service({ secrets }));
    expect(names).to.have.members(full(["s3", "ecr.api", "ecr.dkr", "logs", "ssm"]));
    const { dependencies } = only({ resources }, "aws:ecs/service:Service");
    expect(dependencies).to.include.members(endpoints.map(({ type, name }) => `${type} ${name}`));
  });

  it("reaches what configures the proxies of services that call each other", async () => {
    const { names } = await created(
      service({ cpu: 512, memory: 1024, calls: ["api"] }),
      service({ name: "api", path: "/api", cpu: 512, memory: 1024 }),
    );
    expect(names).to.have.members(full(["s3", "ecr.api", "ecr.dkr", "logs", "ecs-agent"]));
  });
});
