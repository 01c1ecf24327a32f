import { expect } from "chai";
import { only, promiseOf, type Recording, record } from "../support/mocks.ts";
import { ec2Settings, service } from "../support/settings.ts";

const serviceType = "aws:ecs/service:Service";
const promotionType = "rollout:index:Promotion";
const namespaceType = "aws:servicediscovery/httpNamespace:HttpNamespace";
const ruleType = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const definitionType = "aws:ecs/taskDefinition:TaskDefinition";

/** A stack of services by what they call. */
function run(calls: Record<string, string[]>): Promise<Recording<unknown>> {
  return record(async () => {
    const { Ec2Target } = await import("../../targets/ec2.ts");
    const services = Object.entries(calls).map(([name, called]) =>
      service({ name, path: `/${name}`, cpu: 512, calls: called }),
    );
    const target = new Ec2Target("symphainy", ec2Settings(...services), new Map());
    await Promise.all(Object.values(target.services).map(({ release }) => promiseOf(release)));
  });
}

function environmentOf(recording: Recording<unknown>, name: string): Record<string, string> {
  const { inputs } = only(recording, definitionType, name);
  const [container] = JSON.parse(String(inputs.containerDefinitions));
  const pairs: { name: string; value: string }[] = container.environment;
  return Object.fromEntries(pairs.map((pair) => [pair.name, pair.value]));
}

function endpointsIn(recording: Recording<unknown>, name: string): unknown {
  const { SERVICE_ENDPOINTS: text } = environmentOf(recording, name);
  return text === undefined ? undefined : JSON.parse(text);
}

describe("services that call others", () => {
  const namespace = "arn:aws:servicediscovery:eu-central-1:123456789012:HttpNamespace/symphainy";

  it("find them in one namespace, by name and port", async () => {
    const recording = await run({ platform: ["insurance"], insurance: [], alone: [] });
    const { serviceConnectConfiguration: caller } = only(recording, serviceType, "platform").inputs;
    const logs = {
      logDriver: "awslogs",
      options: {
        "awslogs-group": "platform-1a2b3c4",
        "awslogs-region": "eu-central-1",
        "awslogs-stream-prefix": "platform-connect",
        mode: "non-blocking",
        "max-buffer-size": "25m",
      },
    };
    expect(caller).to.deep.equal({ enabled: true, namespace, logConfiguration: logs });
    const { serviceConnectConfiguration: called } = only(recording, serviceType, "insurance")
      .inputs as { serviceConnectConfiguration: { services: unknown } };
    const exact = "test-header-secret";
    expect(called.services).to.deep.equal([
      {
        portName: "http",
        discoveryName: "insurance",
        clientAlias: [
          {
            dnsName: "insurance",
            port: 8000,
            testTrafficRules: [{ header: { name: "x-symphainy-test", value: { exact } } }],
          },
        ],
        ingressPortOverride: 20080,
        timeout: { idleTimeoutSeconds: 60, perRequestTimeoutSeconds: 0 },
      },
    ]);
    expect(endpointsIn(recording, "platform")).to.deep.equal({
      insurance: "http://insurance:8000/insurance",
    });
    expect(endpointsIn(recording, "insurance")).to.equal(undefined);
  });

  it("are let in by nobody but those", async () => {
    const recording = await run({ a: ["b", "c"], b: ["c"], c: [] });
    const calls = recording.resources
      .filter(({ type, inputs }) => type === ruleType && inputs.toPort === 20080)
      .map(({ inputs }) => [inputs.referencedSecurityGroupId, inputs.securityGroupId]);
    expect(calls).to.have.deep.members([
      ["a-tasks-id", "b-tasks-id"],
      ["a-tasks-id", "c-tasks-id"],
      ["b-tasks-id", "c-tasks-id"],
    ]);
  });

  it("have tasks only when those are live, and may be reached", async () => {
    const recording = await run({ platform: ["insurance"], insurance: [] });
    const { dependencies } = only(recording, serviceType, "platform");
    expect(dependencies).to.include.members([
      `${promotionType} insurance`,
      `${ruleType} insurance_platform`,
    ]);
    expect(only(recording, serviceType, "insurance").dependencies).not.to.include(
      `${promotionType} platform`,
    );
    const { calls } = only(recording, promotionType, "platform").inputs.deployment as {
      calls: unknown;
    };
    expect(calls).to.deep.equal(["arn:aws:ecs:eu-central-1:123456789012:Service/insurance"]);
  });

  it("may be called by them, too", async () => {
    const recording = await run({ platform: ["insurance"], insurance: ["platform"] });
    const first = only(recording, serviceType, "platform");
    const second = only(recording, serviceType, "insurance");
    const promotions = (dependencies: string[]) =>
      dependencies.filter((it) => it.startsWith(promotionType));
    expect(promotions(first.dependencies)).to.deep.equal([]);
    expect(promotions(second.dependencies)).to.deep.equal([]);
    expect(second.dependencies).to.include(`${serviceType} platform`);
    for (const [name, other] of [
      ["platform", "insurance"],
      ["insurance", "platform"],
    ] as const) {
      const promotion = only(recording, promotionType, name);
      expect(promotion.dependencies).to.include(`${serviceType} ${other}`);
      expect(promotion.inputs.deployment).to.deep.include({
        calls: [`arn:aws:ecs:eu-central-1:123456789012:Service/${other}`],
      });
      expect(only(recording, serviceType, name).dependencies).to.include(
        `${ruleType} ${other}_${name}`,
      );
    }
  });

  it("bring nothing along without a parent, without tags, or with a secret in plain", async () => {
    const { resources } = await run({ platform: ["insurance"], insurance: ["platform"] });
    const added = resources.filter(
      ({ type, inputs }) => type === namespaceType || inputs.toPort === 20080,
    );
    expect(added).to.have.length(3);
    for (const { name, parent, inputs } of added) {
      expect(parent, name).to.match(/^symphainy:/);
      expect(inputs.tags, name).to.include({ CostCentre: "4711" });
    }
    for (const { secrets } of resources.filter(({ type }) => type === serviceType)) {
      expect(secrets).to.deep.equal([
        "serviceConnectConfiguration.services[0].clientAlias[0].testTrafficRules[0].header.value.exact",
      ]);
    }
  });

  it("leave those alone that do neither", async () => {
    const recording = await run({ alone: [], platform: ["insurance"], insurance: [] });
    expect(only(recording, serviceType, "alone").inputs).not.to.have.property(
      "serviceConnectConfiguration",
    );
    const { inputs } = only(recording, definitionType, "alone");
    expect(inputs.containerDefinitions).not.to.include("appProtocol");
    expect(only(recording, promotionType, "alone").inputs.deployment).not.to.have.property("calls");
    const bare = await run({ alone: [] });
    expect(bare.resources.map(({ type }) => type)).not.to.include(namespaceType);
    const releaseOf = (all: Recording<unknown>) => only(all, promotionType, "alone").inputs.release;
    expect(releaseOf(recording)).to.equal(releaseOf(bare));
  });

  it("are another release than without", async () => {
    const releases = async (calls: string[]) => {
      const recording = await run({ platform: calls, insurance: ["platform"] });
      return ["platform", "insurance"].map(
        (name) => only(recording, promotionType, name).inputs.release,
      );
    };
    const [called, both] = [await releases([]), await releases(["insurance"])];
    expect(called[0]).not.to.equal(both[0]);
    expect(called[1]).to.equal(both[1]);
  });
});
