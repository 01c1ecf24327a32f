import { spawn } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { awsProvider } from "../../rehearsal/providers/aws/index.ts";
import { dockerProvider } from "../../rehearsal/providers/docker.ts";
import { randomProvider } from "../../rehearsal/providers/random.ts";
import { type ServedProvider, serveProvider } from "../../rehearsal/providers/serveProvider.ts";
import { World } from "../../rehearsal/providers/world.ts";
import { engineEnvironment, enginePath } from "../support/engineStack.ts";

const root = path.resolve(import.meta.dirname, "../..");

/**
 * Proves that the program runs as users run it: by the `pulumi` command, from the project file, with the rollout
 * provider started from its path and the policy pack from its folder.
 */
describe("the pulumi command", function () {
  this.timeout(120_000);
  let folder: string;
  let project: string;
  let served: ServedProvider[];
  let env: Record<string, string>;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "symphainy-cli-"));
    project = path.join(folder, "project");
    const state = path.join(folder, "state");
    const bin = path.join(folder, "bin");
    await Promise.all([project, state, bin].map((it) => mkdir(it)));
    for (const entry of await readdir(root)) {
      // The command writes its salt into the stack's file.
      if (entry === "Pulumi.ec2.yaml") await cp(path.join(root, entry), path.join(project, entry));
      else await symlink(path.join(root, entry), path.join(project, entry));
    }
    const host = path.join(bin, "pulumi-language-nodejs");
    const languageHost = path.join(import.meta.dirname, "languageHost.ts");
    await writeFile(host, `#!/bin/sh\nexec "${process.execPath}" "${languageHost}" "$@"\n`);
    await chmod(host, 0o755);
    const world = new World({ seed: 1, region: "eu-central-1" });
    const kinds = [awsProvider, dockerProvider, randomProvider];
    served = await Promise.all(kinds.map((kind) => serveProvider({ ...kind, world })));
    const attached = Object.fromEntries(
      kinds.map(({ name }, index) => [name, served[index]?.port ?? 0]),
    );
    env = {
      PATH: [
        bin,
        path.join(root, "node_modules/.bin"),
        path.join(root, "rehearsal/bin"),
        process.env.PATH,
      ].join(path.delimiter),
      HOME: folder,
      ...engineEnvironment(folder, attached),
    };
    const { code, output } = await pulumi("stack", "init", "ec2");
    expect(code, output).to.equal(0);
  });

  after(async () => {
    await Promise.all((served ?? []).map((provider) => provider.close()));
    await rm(folder, { recursive: true, force: true });
  });

  it("previews the stack with its policy pack, without a loader or a build step", async () => {
    const { code, output } = await pulumi(
      "preview",
      "--stack",
      "ec2",
      "--policy-pack",
      path.join(root, "policy"),
    );
    expect(code, output).to.equal(0);
    expect(output).to.match(/rollout:index:Promotion +platform +create/);
    expect(output).to.match(/aws:ecs:Service +platform +create/);
    expect(output).to.match(/Policies:\n +.* symphainy/);
  });

  it("refuses wrong settings before it plans anything, naming the key and the mend", async () => {
    const set = await pulumi(
      "config",
      "set",
      "--stack",
      "ec2",
      "--path",
      "symphainy:rollout.bakeMinuts",
      "5",
    );
    expect(set.code, set.output).to.equal(0);
    const { code, output } = await pulumi("preview", "--stack", "ec2");
    expect(code).not.to.equal(0);
    expect(output).to.include("symphainy:rollout.bakeMinuts").and.to.include("bakeMinutes");
    expect(output).not.to.match(/aws:.* create/);
  });

  function pulumi(...args: string[]): Promise<{ code: number | null; output: string }> {
    return new Promise((resolve, reject) => {
      const child = spawn(enginePath(), [...args, "--non-interactive", "--color", "never"], {
        cwd: project,
        env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      const add = (data: Buffer) => {
        output += data.toString();
      };
      child.stdout.on("data", add);
      child.stderr.on("data", add);
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, output }));
    });
  }
});
