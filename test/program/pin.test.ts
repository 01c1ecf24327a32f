import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { promotionToken } from "../../provider/messages.ts";
import { isObject, type Properties } from "../../provider/properties.ts";
import { createTarget } from "../../targets/index.ts";
import { type EchoCloud, type Kind, serveEchoCloud } from "../support/echoCloud.ts";
import { type EngineStack, engineStack } from "../support/engineStack.ts";
import { ec2Settings, service } from "../support/settings.ts";

const types = {
  image: "docker:index/image:Image",
  service: "aws:ecs/service:Service",
  task: "aws:ecs/taskDefinition:TaskDefinition",
};

const credentials = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

describe("a release that is pinned, on the real engine", function () {
  this.timeout(120_000);
  let folder: string;
  let cloud: EchoCloud;
  let engine: EngineStack;
  let ecs: Server;
  /** Settings of the next operation. */
  let pin: string | undefined;
  let env: Record<string, string> = {};

  before(async () => {
    for (const name of credentials) process.env[name] = "none";
    folder = mkdtempSync(join(tmpdir(), "pin-"));
    writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
    cloud = await serveEchoCloud(kinds());
    const { port } = cloud;
    // ECS answers the hook before an update that nothing is in flight.
    ecs = createServer((request, response) => request.resume().on("end", () => response.end("{}")));
    await once(ecs.listen(0, "127.0.0.1"), "listening");
    const address = ecs.address();
    const ecsPort = typeof address === "object" ? address?.port : address;
    engine = await engineStack({
      project: "pin",
      attached: { aws: port, docker: port, random: port, rollout: port },
      program: async () => {
        const context = { context: folder, dockerfile: join(folder, "Dockerfile"), root: folder };
        const image = { kind: "build", ...context, buildArgs: {} } as const;
        const settings = ec2Settings(service({ image, env, ...(pin && { release: pin }) }));
        const endpoints = { ecs: `http://127.0.0.1:${ecsPort}` };
        const aws = { ...settings.aws, endpoints };
        const target = await createTarget("symphainy", { ...settings, aws });
        return { services: target.services };
      },
    });
  });

  after(() => {
    cloud?.close();
    ecs?.close();
    ecs?.closeAllConnections();
    for (const name of credentials) delete process.env[name];
    engine?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    cloud.done.length = 0;
  });

  const write = (text: string) => writeFileSync(join(folder, "main.py"), text);
  const done = (type: string) =>
    cloud.done.filter((entry) => entry.type === type).map(({ what }) => what);
  const release = async () => (await promotion()).release;
  async function promotion(): Promise<Properties> {
    const { deployment } = await engine.stack.exportStack();
    const found = deployment.resources?.find(
      (resource: { type: string }) => resource.type === promotionToken,
    );
    return found?.inputs ?? {};
  }
  const deployed = async () => {
    const { deployment } = await promotion();
    return isObject(deployment) ? deployment : {};
  };
  const failure = (operation: Promise<unknown>) =>
    operation.then(
      () => "it succeeded",
      (error: Error) => error.message,
    );

  let first: Properties = {};
  let second: Properties = {};
  const ids: string[] = [];

  it("is refused where nothing has been released, before anything is created", async () => {
    pin = "0123456789ab";
    const message = await failure(engine.stack.up());
    expect(message)
      .to.include('symphainy:services.platform.release is "0123456789ab"')
      .and.include("nothing yet, as no release is recorded")
      .and.include("nothing has been created or changed");
    expect(cloud.done).to.deep.equal([]);
    pin = undefined;
  });

  it("comes after two that went live", async () => {
    write("print(1)\n");
    await engine.stack.up();
    first = await deployed();
    ids.push(String(await release()));
    write("print(2)\n");
    env = { LOG_LEVEL: "DEBUG" };
    await engine.stack.up();
    second = await deployed();
    ids.push(String(await release()));
    expect(first.taskDefinition).not.to.equal(second.taskDefinition);
    expect(first.image).not.to.equal(second.image);
  });

  it("is refused when it is none of those, by their names and times", async () => {
    pin = "0123456789ab";
    for (const operate of [() => engine.stack.preview(), () => engine.stack.up()]) {
      const message = await failure(operate());
      for (const id of ids) expect(message).to.include(`${id} (live since 2026-01-0`);
    }
    expect(cloud.done).to.deep.equal([]);
  });

  it("runs its own revision and image again, and builds and registers nothing", async () => {
    pin = ids[0];
    const preview = await engine.stack.preview();
    expect(cloud.done).to.deep.equal([]);
    const { summary } = await engine.stack.up();
    expect(summary.resourceChanges).to.deep.equal(preview.changeSummary);
    expect(await release()).to.equal(ids[0]);
    expect(await deployed()).to.deep.equal(first);
    expect(done(types.image)).to.deep.equal(["delete"]);
    expect(done(types.task)).to.deep.equal([]);
    expect(done("aws:ecr/repository:Repository")).to.deep.equal([]);
    const [update] = cloud.done.filter(({ type }) => type === types.service);
    expect(update?.inputs.taskDefinition).to.equal(first.taskDefinition);
  });

  it("stays, whatever else changes, and the second time there is nothing to do", async () => {
    write("print(3)\n");
    env = { LOG_LEVEL: "INFO", NEW: "1" };
    const { summary } = await engine.stack.up();
    expect(summary.resourceChanges).to.have.all.keys("same");
    expect(cloud.done).to.deep.equal([]);
  });

  it("rolls forward when the pin goes: built anew, registered anew", async () => {
    pin = undefined;
    await engine.stack.up();
    expect(done(types.image)).to.deep.equal(["create"]);
    expect(done(types.task)).to.deep.equal(["create", "delete"]);
    expect(ids).not.to.include(await release());
    expect((await deployed()).taskDefinition).not.to.be.oneOf([
      first.taskDefinition,
      second.taskDefinition,
    ]);
  });
});

/** What the real clouds add that the pin depends on. */
function kinds(): Record<string, Kind> {
  let count = 0;
  let promoted = 0;
  return {
    "random:index/randomId:RandomId": {
      replacedBy: ["keepers"],
      outputs: () => ({ hex: String((count += 1)).padStart(8, "0") }),
    },
    [types.image]: {
      outputs: ({ imageName }) => ({
        repoDigest: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/platform@sha256:${createHash("sha256").update(String(imageName)).digest("hex")}`,
      }),
    },
    [types.task]: {
      replacedBy: ["containerDefinitions"],
      outputs: () => ({
        arn: `arn:aws:ecs:eu-central-1:123456789012:task-definition/platform:${(count += 1)}`,
      }),
    },
    [promotionToken]: {
      outputs: ({ release = "", deployment = {} }, olds) => {
        const {
          taskDefinition = "",
          configuration = "",
          image = "",
        } = isObject(deployment) ? deployment : {};
        const at = `2026-01-0${(promoted += 1)}T00:00:00.000Z`;
        const live = { release, revision: taskDefinition, configuration };
        const record = { ...live, image, by: "test", startedAt: at, endedAt: at, verdict: "live" };
        const before = Array.isArray(olds?.history) ? olds.history : [];
        return { live: { ...live, since: at }, history: [record, ...before], drift: [] };
      },
    },
  };
}
