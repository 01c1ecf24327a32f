import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { fakePulumi } from "./support/fakePulumi.ts";
import {
  deliveryPipelineResource,
  type OperatedStack,
  operatedStack,
  rootResources,
} from "./support/operatedStack.ts";

describe("the operator's scripts, without a stack to work on", function () {
  this.timeout(60_000);
  let stack: OperatedStack;

  before(async () => {
    stack = await operatedStack();
  });
  after(() => stack.dispose());

  it("tell of themselves", async () => {
    const { code, out } = await stack.run("release", "--help");
    expect(code).to.equal(0);
    expect(out).to.include("npm run release -- STACK COMMAND");
    expect((await stack.run("rollback", "--help")).out).to.include("npm run rollback -- STACK");
  });

  it("end with 2 for a wrong command line, and name the way to the help", async () => {
    const { code, out, err } = await stack.run("release", "ec2", "stop");
    expect(code).to.equal(2);
    expect(out).to.equal("");
    expect(err).to.equal(
      "stop is not a command; there are status, pause, resume, promote, abort, history.\nnpm run release -- --help shows how.\n",
    );
    expect((await stack.run("rollback")).code).to.equal(2);
  });

  it("end with 2 for a folder that is no project", async () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), "symphainy-operate-"));
    try {
      const { code, err } = await stack.run("release", "ec2", "status", "--cwd", elsewhere);
      expect(code).to.equal(2);
      expect(err).to.include(`there is no Pulumi.yaml in ${elsewhere}`);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it("end with 1 for a stack that there is not", async () => {
    const { code, err } = await stack.run("release", "production", "status");
    expect(code).to.equal(1);
    expect(err).to.match(/^There is no stack production in the backend of .*pulumi stack ls/);
  });

  it("find the project from a folder in it", async () => {
    const { code, out } = await stack.run("release", "ec2", "history", "--cwd", "./");
    expect(code).to.equal(0);
    expect(out).to.equal("Stack ec2 has no service yet; pulumi up deploys.\n");
  });

  it("need no passphrase to read", async () => {
    const { PULUMI_CONFIG_PASSPHRASE: passphrase = "" } = stack.env;
    delete stack.env.PULUMI_CONFIG_PASSPHRASE;
    try {
      expect((await stack.run("release", "ec2", "history")).code).to.equal(0);
    } finally {
      stack.env.PULUMI_CONFIG_PASSPHRASE = passphrase;
    }
  });

  it("end with 1 where Cloud Deploy has the releases, and name its own commands", async () => {
    const outputs = { name: "symphainy-cd-platform", project: "p", location: "europe-west1" };
    await stack.hold([...rootResources, deliveryPipelineResource(outputs)]);
    try {
      for (const command of ["status", "abort"]) {
        const { code, out, err } = await stack.run("release", "ec2", command);
        expect([code, out]).to.deep.equal([1, ""]);
        expect(err).to.match(/^Cloud Deploy owns the releases of platform/);
      }
      const { code, err } = await stack.run("rollback", "ec2");
      expect(code).to.equal(1);
      expect(err).to.include(
        "gcloud deploy targets rollback symphainy-cd-platform --delivery-pipeline symphainy-cd-platform --region europe-west1 --project p",
      );
    } finally {
      await stack.hold(rootResources);
    }
  });

  it("end with 1 where nobody is logged in", async () => {
    const { PULUMI_BACKEND_URL: backend = "" } = stack.env;
    delete stack.env.PULUMI_BACKEND_URL;
    try {
      const { code, err } = await stack.run("release", "ec2", "status");
      expect(code).to.equal(1);
      expect(err).to.include("pulumi is not logged in");
    } finally {
      stack.env.PULUMI_BACKEND_URL = backend;
    }
  });

  it("end with 130 on Ctrl-C, and end what they run", async () => {
    const slow = fakePulumi("exec sleep 60");
    try {
      const script = path.resolve(import.meta.dirname, "../../operate/release.ts");
      const env = { ...stack.env, PATH: [slow.folder, stack.env.PATH].join(path.delimiter) };
      const args = [script, "ec2", "status"];
      const child = spawn(process.execPath, args, { cwd: stack.folder, env, stdio: "ignore" });
      const ended = once(child, "close");
      while (slow.calls().length === 0) await setTimeout(20);
      child.kill("SIGINT");
      expect(await ended).to.deep.equal([130, null]);
      const pid = Number(readFileSync(path.join(slow.folder, "pid"), "utf8"));
      while (isRunning(pid)) await setTimeout(20);
    } finally {
      slow.dispose();
    }
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
