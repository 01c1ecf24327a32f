import { expect } from "chai";
import { scaledClock } from "../../provider/clock.ts";
import { PromotionResource } from "../../provider/promotionResource.ts";
import type { Properties } from "../../provider/properties.ts";
import { realClouds } from "../../provider/realClouds.ts";
import type { ServedApi } from "../../rehearsal/cloud/api/serveOnLoopback.ts";
import { startCloudApi } from "../../rehearsal/cloud/api/startCloudApi.ts";
import { EcsRig } from "./ecs/support/ecsRig.ts";
import { family } from "./ecs/support/fakeEcs.ts";
import { promotionInputs } from "./support/promotionInputs.ts";

describe("a promotion in a state from before traffic, scaling and history were in it", () => {
  const keys = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  const before = Object.keys(keys).map((name) => [name, process.env[name]] as const);
  const said: string[] = [];
  const operation = {
    signal: new AbortController().signal,
    timeoutSeconds: 0,
    report: (message: string) => said.push(message),
    announce: (message: string) => said.push(message),
  };
  let rig: EcsRig;
  let api: ServedApi;
  let resource: PromotionResource;

  beforeEach(async () => {
    Object.assign(process.env, keys);
    rig = new EcsRig();
    api = await startCloudApi({ ecs: rig.ecs, loadBalancing: rig.elb, cloudwatch: {} });
    const probe = async () => ({ error: "nobody is asked" });
    const deps = {
      clock: scaledClock({ speed: 200 }),
      probe,
      clouds: realClouds,
      by: "ada",
    };
    resource = new PromotionResource(deps);
    rig.ecs.deploy(1, { status: "SUCCESSFUL" });
  });
  afterEach(async () => {
    await api.close();
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  function olds(): Properties {
    const { deployment, gate, proof } = promotionInputs();
    const { cluster, ecsService, configuration, scaleUpMinutes } = deployment;
    return {
      service: "platform",
      release: "release-1",
      deployment: {
        kind: "ecs",
        cluster,
        ecsService,
        taskDefinition: `${family}1`,
        configuration,
        scaleUpMinutes,
        connection: { region: "eu-central-1", endpoints: { ecs: api.url, elbv2: api.url } },
      },
      gate: { ...gate, header: { name: "x-release-test", value: "the-secret-of-the-test-rule" } },
      bake: { minutes: 10, alarms: ["errors-a"], intervalSeconds: 30 },
      proof: { ...proof },
      live: { release: "release-1", revision: `${family}1`, since: "2029-01-01T00:00:00.000Z" },
    };
  }

  it("is refreshed", async () => {
    const read = await resource.read(olds());
    expect(read?.live).to.include({ release: "release-1", since: "2029-01-01T00:00:00.000Z" });
    expect(read).to.deep.include({ history: [], drift: [] });
  });

  it("is destroyed, with what is in flight stopped", async () => {
    rig.ecs.deploy(2);
    await resource.delete(olds(), operation);
    expect(rig.ecs.log).to.deep.equal(["stop deployment/2 ROLLBACK"]);
  });
});
