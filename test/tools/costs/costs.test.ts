import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import type { EcsPlan } from "../../../tools/costs/ecsPlan.ts";
import { renderCosts } from "../../../tools/costs/renderCosts.ts";
import { readPlan } from "../../../tools/costs/stackPlan.ts";
import { costsDocs, costsPage, defaultPlan } from "../../../tools/costsDocs.ts";
import { ec2, plan } from "./support/plan.ts";

const root = resolve(import.meta.dirname, "../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

describe("the page of the costs", () => {
  it(`${costsPage} is current; else run node tools/costsDocs.ts`, () => {
    expect(read(costsPage)).to.equal(costsDocs());
  });

  it("has the totals that the README names", () => {
    for (const target of ["ec2", "fargate", "cloudrun"] as const) {
      const [, total = "none"] = /\ntotal +([\d.]+)/.exec(renderCosts(defaultPlan(target))) ?? [];
      expect(read("README.md"), target).to.include(total);
    }
  });
});

describe("npm run costs", () => {
  let project = "";
  before(() => {
    project = projectWith("ec2", ["aws:region: eu-central-1", "symphainy:target: ec2"]);
    writeFileSync(join(project, "Pulumi.yaml"), "name: symphainy\nruntime: nodejs\n");
  });
  after(() => rmSync(project, { recursive: true }));

  const run = (...args: string[]) => {
    const script = join(root, "tools/costs/main.ts");
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
      encoding: "utf8",
      cwd: project,
    });
    return { status, stdout, stderr };
  };

  it("says what a stack costs", () => {
    const { status, stdout } = run("ec2");
    expect(status).to.equal(0);
    expect(stdout).to.equal(`${renderCosts(readPlan(project, "ec2", {}))}\n`);
  });

  it("ends with 1 for a stack without a file, and names those that have one", () => {
    const { status, stderr } = run("production");
    expect(status).to.equal(1);
    expect(stderr).to.match(/^There is no Pulumi\.production\.yaml in .*with a file: ec2\.$/m);
  });

  it("ends with 2 for a wrong command line", () => {
    for (const args of [[], ["ec2", "more"], ["--month"]]) {
      const { status, stderr } = run(...args);
      expect(status, args.join(" ")).to.equal(2);
      expect(stderr).to.include("npm run costs -- --help shows how.");
    }
    expect(run("--help").stdout).to.include("npm run costs -- STACK");
  });
});

describe("the plan of a stack", () => {
  let folder = "";
  afterEach(() => rmSync(folder, { recursive: true }));

  function planned(lines: string[], env: NodeJS.ProcessEnv = {}) {
    if (folder !== "") rmSync(folder, { recursive: true, force: true });
    folder = projectWith("test", lines);
    return readPlan(folder, "test", env);
  }

  function plannedOnEcs(lines: string[]): EcsPlan {
    const found = planned(lines);
    if (found.capacity === "CLOUDRUN") throw new Error("it is on Cloud Run");
    return found;
  }

  it("has the defaults of the settings, on either capacity", () => {
    const region = "aws:region: us-east-1";
    const zones = "symphainy:network: { availabilityZones: [us-east-1a, us-east-1b, us-east-1c] }";
    const found = plannedOnEcs([region, "symphainy:target: fargate", zones]);
    expect(found).to.deep.include({ capacity: "FARGATE", zones: 3, natGateways: "single" });
    expect(found.services).to.deep.equal([
      { name: "platform", cpu: 256, memory: 512, tasks: { min: 2, max: 4 } },
    ]);
    expect(found.ec2).to.include({ instanceType: "t3.small", minInstances: 2 });
    expect(found.fargate).to.deep.equal({
      architecture: "x86_64",
      spotPercent: 0,
      storageGib: 20,
    });
  });

  it("reads values as pulumi config set writes them", () => {
    const found = plannedOnEcs([
      "aws:region: eu-central-1",
      "symphainy:target: ec2",
      'symphainy:logRetentionDays: "14"',
      "symphainy:ec2: { instanceType: t4g.small, targetCapacityPercent: 50 }",
    ]);
    expect(found.ec2.targetCapacityPercent).to.equal(50);
    // The image is built for the instances' processor.
    expect(found.fargate.architecture).to.equal("arm64");
  });

  it("takes the region of the environment where the stack names none", () => {
    const env = { AWS_REGION: "eu-central-1" };
    expect(planned(["symphainy:target: ec2"], env).region).to.equal("eu-central-1");
    expect(() => planned(["symphainy:target: ec2"])).to.throw("aws:region is missing");
  });

  it("is that of Cloud Run with Google's configuration, and of ECS near by", () => {
    const found = planned([
      "gcp:project: my-project",
      "gcp:region: us-central1",
      "gcp:credentials: { secure: v1:abc }",
      "symphainy:target: cloudrun",
      "symphainy:cloudRun: { cpuAlwaysAllocated: true }",
      "symphainy:services: { platform: { context: platform, tasks: { min: 0 }, secrets: { KEY: projects/my-project/secrets/key } } }",
    ]);
    if (found.capacity !== "CLOUDRUN") throw new Error("it is not on Cloud Run");
    expect(found).to.deep.include({ region: "us-central1", cpuAlwaysAllocated: true });
    const platform = { name: "platform", cpu: 1024, memory: 512 };
    expect(found.services).to.deep.equal([{ ...platform, tasks: { min: 0, max: 4 } }]);
    expect(found.ecs).to.deep.include({ region: "us-east-1", secretArns: [] });
    expect(found.ecs.services).to.deep.equal([{ ...platform, tasks: { min: 1, max: 4 } }]);
  });

  it("needs Google's configuration on Cloud Run", () => {
    expect(() => planned(["symphainy:target: cloudrun", "aws:region: eu-central-1"])).to.throw(
      "gcp:region is missing",
    );
  });

  it("names what is wrong with the settings", () => {
    const wrong = ["aws:region: eu-central-1", "symphainy:target: ec2", "symphainy:nets: {}"];
    expect(() => planned(wrong)).to.throw("symphainy:nets is not a key that is known");
  });
});

describe("the text of the costs", () => {
  it("says why it knows no crossing", () => {
    const text = renderCosts(plan());
    expect(text).to.match(
      /at no number of tasks up to 1,000: 2 tasks on a t3\.small cost 11\.24 each/,
    );
  });

  it("says from where on, and where before", () => {
    const services = [{ name: "big", cpu: 1024, memory: 2048, tasks: { min: 2, max: 4 } }];
    const text = renderCosts(plan({ services, ec2: ec2("t3.large") }));
    expect(text).to.include("big, 1 vCPU and 2 GiB a task, alone:");
    expect(text).to.include("from 10 tasks on, and at some from 4: 2 tasks on a t3.large");
  });

  it("says what it does not know", () => {
    const fargate = { architecture: "arm64", spotPercent: 0, storageGib: 20 } as const;
    const text = renderCosts(plan({ fargate }));
    expect(text).to.match(/fargate \(arm64\), 50 % Spot +not known +not known/);
    expect(text).to.include("the price of Fargate with 50 % Spot is not known");
  });

  it("says what an instance does not hold", () => {
    const services = [{ name: "big", cpu: 4096, memory: 8192, tasks: { min: 1, max: 1 } }];
    const text = renderCosts(plan({ services, capacity: "FARGATE" }));
    expect(text).to.include("a t3.small holds no such task");
  });

  it("has endpoints in the bill of a stack without NAT gateways", () => {
    const text = renderCosts(plan({ natGateways: "none" }));
    expect(text).to.match(/interface endpoints, 8 in each zone +16 +0\.012 an hour +140\.16/);
    expect(text).to.match(/gateway endpoint of S3 +1 +nothing +0\.00/);
    expect(text).not.to.include("NAT gateways  ");
  });
});

/** A project's folder with one stack. */
function projectWith(stack: string, config: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "symphainy-costs-"));
  mkdirSync(join(folder, "platform"));
  writeFileSync(join(folder, "platform/Dockerfile"), "FROM python:3.12-slim\n");
  const text = ["config:", ...config.map((line) => `  ${line}`), ""].join("\n");
  writeFileSync(join(folder, `Pulumi.${stack}.yaml`), text);
  return folder;
}
