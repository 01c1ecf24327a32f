import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { engineVersion } from "../../rehearsal/engine/engineVersion.ts";

interface Step {
  uses?: string;
  if?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}

interface Job {
  uses?: string;
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
  steps?: Step[];
}

interface Workflow {
  permissions?: Record<string, string>;
  concurrency?: Record<string, unknown>;
  jobs: Record<string, Job>;
}

const folder = join(import.meta.dirname, "../../.github/workflows");
const files = readdirSync(folder);
const texts = new Map(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));

function workflow(file: string): Workflow {
  return parse(texts.get(file) ?? "");
}

function steps(job: Job): Step[] {
  return job.steps ?? [];
}

describe("workflows", () => {
  it("are the tests and the deployment", () => {
    expect(files).to.have.members(["ci.yml", "deploy.yml"]);
  });

  it("pin each action to one commit and name its version", () => {
    const commits = new Map<string, Set<string>>();
    for (const text of texts.values()) {
      for (const [, reference] of text.matchAll(/uses: (?!\.\/)(.*)/g)) {
        const parts = /^([\w-]+\/[\w-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)$/.exec(reference ?? "");
        if (parts?.[1] === undefined || parts[2] === undefined) expect.fail(reference);
        commits.set(parts[1], (commits.get(parts[1]) ?? new Set()).add(parts[2]));
      }
    }
    expect([...commits].filter(([, pins]) => pins.size > 1)).to.deep.equal([]);
    expect(commits.size).to.be.greaterThan(5);
  });

  for (const file of files) {
    describe(file, () => {
      const jobs = Object.entries(workflow(file).jobs);

      it("may only read by default", () => {
        expect(workflow(file).permissions).to.deep.equal({ contents: "read" });
      });

      it("leaves no credentials in the checkout", () => {
        const checkouts = jobs
          .flatMap(([, job]) => steps(job))
          .filter(({ uses }) => uses?.startsWith("actions/checkout@"));
        expect(checkouts).to.have.length.greaterThan(0);
        for (const step of checkouts) expect(step.with?.["persist-credentials"]).to.equal(false);
      });

      it("ends each of its jobs in bounded time", () => {
        for (const [name, job] of jobs) {
          if (job.uses === undefined) expect(job["timeout-minutes"], name).to.be.within(1, 60);
        }
      });

      it("puts no expression into a script, where its value would be code", () => {
        for (const [, job] of jobs) {
          for (const { run } of steps(job)) expect(run ?? "").not.to.include("${{");
        }
      });
    });
  }
});

describe("the deployment workflow", () => {
  const { concurrency, jobs } = workflow("deploy.yml");
  const deploy = jobs["deploy"] ?? expect.fail("no job deploy");

  it("is the only place that may ask for an identity token", () => {
    expect(deploy.permissions).to.deep.equal({ contents: "read", "id-token": "write" });
    const asking = [...texts].filter(([, text]) => text.includes("id-token: write"));
    expect(asking.map(([file]) => file)).to.deep.equal(["deploy.yml"]);
  });

  it("runs one at a time and is never cancelled by a newer one", () => {
    expect(concurrency).to.deep.equal({ group: "deploy", "cancel-in-progress": false });
  });

  it("deploys what the tests have passed", () => {
    expect(jobs["test"]?.uses).to.equal("./.github/workflows/ci.yml");
    expect(deploy).to.have.property("needs", "test");
    expect(deploy).to.have.property("if", "github.ref == 'refs/heads/main'");
  });

  it("installs the engine that the rehearsal is pinned to", () => {
    const install = steps(deploy).find(({ uses }) => uses?.startsWith("pulumi/actions@"));
    expect(install?.with).to.deep.equal({ "pulumi-version": engineVersion });
  });

  it("is for whichever clouds it is told how to enter", () => {
    const entries = steps(deploy).filter(({ uses }) => /credentials@|\/auth@/.test(uses ?? ""));
    expect(entries.map((step) => step.if)).to.deep.equal([
      "vars.AWS_ROLE_ARN != ''",
      "vars.GCP_WORKLOAD_IDENTITY_PROVIDER != ''",
    ]);
  });

  describe("its check of the settings", () => {
    const script = steps(deploy)[0]?.run ?? expect.fail("no script");
    const names = Object.keys(steps(deploy)[0]?.env ?? {});

    /** What is said of these variables; GitHub sets those that nobody has set to nothing. */
    function complaint(set: Record<string, string>): string {
      const env = { ...Object.fromEntries(names.map((name) => [name, ""])), ...set };
      const { status, stderr } = spawnSync("bash", ["-e", "-c", script], { encoding: "utf8", env });
      return status === 0 ? "" : stderr;
    }

    const aws = { AWS_ROLE_ARN: "arn:aws:iam::1:role/deploy", AWS_REGION: "eu-central-1" };
    const google = { GCP_PROVIDER: "projects/1/…", GCP_SERVICE_ACCOUNT: "deploy@p.example" };

    it("takes one cloud or both", () => {
      for (const set of [aws, google, { ...aws, ...google }]) expect(complaint(set)).to.equal("");
    });

    it("names what is missing", () => {
      expect(complaint({}))
        .to.include("AWS_ROLE_ARN")
        .and.include("GCP_WORKLOAD_IDENTITY_PROVIDER");
      expect(complaint({ ...aws, AWS_REGION: "" })).to.include("variable AWS_REGION");
      expect(complaint({ ...google, GCP_SERVICE_ACCOUNT: "" })).to.include("variable GCP_SERVICE");
    });
  });

  it("makes pulumi the step's own process, so that an interrupt reaches it", () => {
    const last = steps(deploy).at(-1);
    expect(last?.run).to.match(/^exec pulumi up -s "\$STACK" --yes /);
  });
});
