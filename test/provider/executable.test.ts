import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { systemClock } from "../../provider/clock.ts";
import type { PromotionInputs } from "../../provider/messages.ts";
import { cluster, FakeEcs, family, pausedAt } from "./ecs/support/fakeEcs.ts";
import { serveEcs } from "./ecs/support/serveEcs.ts";
import { failureOf } from "./support/failureOf.ts";
import { promotionInputs } from "./support/promotionInputs.ts";
import { type PromotionStack, promotionStack } from "./support/promotionStack.ts";

const folder = path.resolve(import.meta.dirname, "../../provider");
const executable = path.join(folder, "pulumi-resource-rollout");
const candidateGroup =
  "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/candidate/1";

function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
  return stdout.split("\n").filter(Boolean).map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("the plugin that the engine starts", function () {
  this.timeout(60_000);
  let ecs: FakeEcs;
  let api: { url: string; close(): void };
  let platform: http.Server;
  let test: PromotionStack;
  let inputs: PromotionInputs;

  before(async () => {
    ecs = new FakeEcs(systemClock);
    // As ECS has decided; the promotion waits until it has.
    for (const revision of ["revision/2", "revision/3"]) {
      ecs.revisions.set(revision, { loadBalancers: [{ targetGroupArn: candidateGroup }] });
    }
    api = await serveEcs(ecs);
    platform = http.createServer((request, response) => {
      const isTest = request.headers["x-release-test"] === "the-secret-of-the-test-rule";
      const release = isTest
        ? "release-2"
        : (ecs.service?.taskDefinition ?? "").replace(/.*:/, "release-");
      response.setHeader("x-release-id", release);
      response.end(JSON.stringify({ health_percentage: 100 }));
    });
    platform.listen(0, "127.0.0.1");
    await once(platform, "listening");
    test = await promotionStack({
      plugin: folder,
      env: { AWS_ACCESS_KEY_ID: "none", AWS_SECRET_ACCESS_KEY: "none" },
    });
    inputs = quick();
  });

  after(() => {
    platform.closeAllConnections();
    platform.close();
    api.close();
    test.dispose();
  });

  /** Waits until the platform has been asked some times more. */
  async function probed(times: number): Promise<void> {
    for (let left = times; left > 0; left -= 1) await once(platform, "request");
  }

  /** Real time has to pass here, so as little as there can be. */
  function quick(): PromotionInputs {
    const { deployment, gate, bake, proof, ...rest } = promotionInputs("release-2");
    const url = `http://127.0.0.1:${(platform.address() as AddressInfo).port}/health`;
    const connection = { ...deployment.connection, endpoints: { ecs: api.url } };
    return {
      ...rest,
      deployment: { ...deployment, cluster, taskDefinition: `${family}2`, connection },
      gate: { ...gate, url, intervalSeconds: 0.1 },
      bake: { ...bake, minutes: 0, alarms: [], intervalSeconds: 1 },
      proof: { ...proof, url, intervalSeconds: 0.1 },
    };
  }

  it("follows a deployment of ECS over the wire", async () => {
    const deployment = ecs.deploy(2, pausedAt("POST_TEST_TRAFFIC_SHIFT", "h1"));
    ecs.onContinue = (hook) =>
      Object.assign(
        deployment,
        hook === "h1" ? pausedAt("POST_PRODUCTION_TRAFFIC_SHIFT", "h2") : { status: "SUCCESSFUL" },
      );
    test.inputs = inputs;
    const { outputs } = await test.up();
    expect(ecs.log).to.deep.equal(["CONTINUE h1 of deployment/1", "CONTINUE h2 of deployment/1"]);
    expect(outputs.live?.value).to.include({ release: "release-2", revision: `${family}2` });
  });

  it("rolls back when the engine is interrupted", async () => {
    ecs.log.length = 0;
    ecs.deploy(3, pausedAt("POST_TEST_TRAFFIC_SHIFT", "h3"));
    const deployment = { ...inputs.deployment, taskDefinition: `${family}3` };
    // The candidate answers as release-2, so the gate stays closed until the interrupt.
    test.inputs = { ...inputs, release: "release-3", deployment };
    void probed(2).then(() => test.interrupt());
    expect(await failureOf(test.up())).to.contain(
      "platform: release release-3 did not go live: cancelled; roll-back requested, the cloud finishes it; live before: release release-2",
    );
    expect(ecs.log).to.deep.equal(["ROLLBACK h3 of deployment/2"]);
  });

  it("rolls back, and ends, when the engine is killed", async () => {
    ecs.log.length = 0;
    const asked = new Promise<void>((resolve) => {
      ecs.onContinue = () => resolve();
      ecs.onRollBack = () => resolve();
    });
    ecs.deploy(3, pausedAt("POST_TEST_TRAFFIC_SHIFT", "h4"));
    const update = failureOf(test.up());
    await probed(3);
    const [plugin = 0, ...others] = childrenOf(test.enginePid());
    expect(plugin).to.be.above(0);
    expect(others).to.deep.equal([]);
    process.kill(test.enginePid(), "SIGKILL");
    await update;
    await asked;
    expect(ecs.log).to.deep.equal(["ROLLBACK h4 of deployment/3"]);
    while (isAlive(plugin)) await systemClock.sleep(0.05);
  });

  it("tells its port in one line and ends on SIGTERM", async () => {
    const plugin = spawn(executable, ["127.0.0.1:1"], { stdio: ["ignore", "pipe", "pipe"] });
    let errors = "";
    plugin.stderr.on("data", (text) => {
      errors += text;
    });
    const [line] = await once(plugin.stdout, "data");
    expect(String(line)).to.match(/^\d+\n$/);
    plugin.kill("SIGTERM");
    const [code] = await once(plugin, "exit");
    expect(code).to.equal(0);
    expect(errors).to.equal("");
  });

  it("says which Node it needs", () => {
    const elsewhere = fs.mkdtempSync(path.join(os.tmpdir(), "rollout-plugin-"));
    try {
      fs.mkdirSync(path.join(elsewhere, "provider"));
      const copy = path.join(elsewhere, "provider", "pulumi-resource-rollout");
      fs.copyFileSync(executable, copy);
      const bin = path.join(elsewhere, "bin");
      fs.mkdirSync(bin);
      const run = () =>
        spawnSync("/bin/sh", [copy], { encoding: "utf8", env: { PATH: `${bin}:/nowhere` } });
      fs.symlinkSync(
        spawnSync("sh", ["-c", "command -v dirname"], { encoding: "utf8" }).stdout.trim(),
        path.join(bin, "dirname"),
      );

      expect(run()).to.include({
        status: 1,
        stderr:
          'rollout provider: no node, neither in node_modules/.bin nor on PATH; run "npm ci" in the project\n',
      });
      fs.writeFileSync(
        path.join(bin, "node"),
        `#!/bin/sh\n[ "$1" = --version ] && echo v20.20.2 || exit 1\n`,
        { mode: 0o755 },
      );
      expect(run()).to.include({
        status: 1,
        stderr:
          'rollout provider: v20.20.2 at node is too old, Node 22.18 or newer is needed; run "npm ci" in the project\n',
      });
    } finally {
      fs.rmSync(elsewhere, { recursive: true });
    }
  });
});
