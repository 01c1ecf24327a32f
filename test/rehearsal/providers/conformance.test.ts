import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as docker from "@pulumi/docker";
import * as gcp from "@pulumi/gcp";
import type { CustomResource, Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { expect } from "chai";
import { PartialFailure } from "../../../rehearsal/providers/resourceType.ts";
import { openCloud, type TestCloud } from "./cloud.ts";

/** What the suite needs to know of a provider to judge it. */
interface Subject {
  token: string;
  /** Makes the resource under test, called `name`; a `text` of its inputs may be unknown, or secret. */
  make(name: string, change: "none" | "update" | "replace", text: Input<string>): CustomResource;
  /** Output that is not known before the resource exists. */
  computed(resource: CustomResource): Output<string>;
  /** An input without which it is refused. */
  required: string;
  /** Detailed diff of an update in place; absent where every change replaces. */
  updates?: string[];
  /** Detailed diff of a replacement; absent where every change is an update in place. */
  replaces?: string[];
}

const context = mkdtempSync(join(tmpdir(), "context-"));
writeFileSync(join(context, "Dockerfile"), "FROM python:3.12-slim\n");

const subjects: Record<string, Subject> = {
  aws: {
    token: "aws:iam/role:Role",
    make: (name, change, text) =>
      new aws.iam.Role(name, {
        assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [{}] }),
        description: text,
        maxSessionDuration: change === "update" ? 7200 : 3600,
        path: change === "replace" ? "/other/" : "/",
      }),
    computed: (role) => (role as aws.iam.Role).uniqueId,
    required: "assumeRolePolicy",
    updates: ["maxSessionDuration"],
    replaces: ["path"],
  },
  gcp: {
    token: "gcp:artifactregistry/repository:Repository",
    make: (name, change, text) =>
      new gcp.artifactregistry.Repository(name, {
        repositoryId: name,
        format: "DOCKER",
        description: text,
        cleanupPolicyDryRun: change === "update",
        location: change === "replace" ? "europe-west3" : "europe-west1",
      }),
    computed: (repository) => (repository as gcp.artifactregistry.Repository).registryUri,
    required: "format",
    updates: ["cleanupPolicyDryRun"],
    replaces: ["location"],
  },
  random: {
    token: "random:index/randomId:RandomId",
    make: (name, change, text) =>
      new random.RandomId(name, { byteLength: change === "replace" ? 8 : 4, keepers: { text } }),
    computed: (id) => (id as random.RandomId).hex,
    required: "byteLength",
    replaces: ["byteLength"],
  },
  docker: {
    token: "docker:index/image:Image",
    make: (name, change, text) =>
      new docker.Image(name, {
        imageName: "registry.example/app:v1",
        build: {
          context,
          platform: change === "update" ? "linux/arm64" : "linux/amd64",
          args: { text },
        },
      }),
    computed: (image) => (image as docker.Image).repoDigest,
    required: "imageName",
    updates: ["build.platform"],
  },
};

after(() => rmSync(context, { recursive: true, force: true }));

for (const [provider, subject] of Object.entries(subjects)) {
  describe(`the emulated provider ${provider}`, () => {
    let cloud: TestCloud;
    beforeEach(async () => {
      cloud = await openCloud();
    });
    afterEach(async () => {
      await cloud?.close();
    });

    const program =
      (change: "none" | "update" | "replace" = "none", text: Input<string> = "text") =>
      async () => {
        const resource = subject.make("subject", change, text);
        return { computed: subject.computed(resource) };
      };

    it("creates, leaves alone what is the same, and deletes", async () => {
      const created = await cloud.up(program());
      expect(created.error).to.equal("");
      expect(created.steps).to.include("create subject");
      expect(created.outputs.computed?.value).to.match(/./);
      expect(cloud.world.list(subject.token)).to.have.length(1);
      expect((await cloud.preview(program())).steps).to.deep.equal(["same subject"]);
      const destroyed = await cloud.destroy();
      expect(destroyed.error).to.equal("");
      expect(cloud.world.inventory()).to.deep.equal([]);
    });

    it("refuses inputs without what is required, in a preview already", async () => {
      const ended = await cloud.preview(async () => {
        // The SDK looks at what the program says; this takes the input away after that.
        pulumi.runtime.registerStackTransformation(({ props, opts }) => ({
          props: { ...props, [subject.required]: undefined },
          opts,
        }));
        subject.make("subject", "none", "text");
      });
      expect(ended.error).to.include(`Missing required argument "${subject.required}"`);
    });

    it("previews what depends on something unknown, and says nothing about computed outputs", async () => {
      const dependent = async () => {
        const first = subject.make("first", "none", "text");
        const second = subject.make("second", "none", subject.computed(first).apply(shorten));
        return { computed: subject.computed(second) };
      };
      const previewed = await cloud.preview(dependent);
      expect(previewed.error).to.equal("");
      expect(previewed.steps).to.have.members(["create first", "create second"]);
      expect(cloud.world.list()).to.deep.equal([]);
      const done = await cloud.up(dependent);
      expect(done.error).to.equal("");
      expect(done.outputs.computed?.value).to.match(/./);
    });

    const { updates, replaces } = subject;
    if (updates) {
      it("updates in place, and names the properties", async () => {
        const before = await cloud.up(program());
        expect(before.error).to.equal("");
        const [{ id } = { id: "" }] = cloud.world.list(subject.token);
        const previewed = await cloud.preview(program("update"));
        expect(previewed.diffs.subject).to.deep.equal(updates);
        const ended = await cloud.up(program("update"));
        expect(ended.steps).to.deep.equal(["update subject"]);
        expect(cloud.world.list(subject.token).map((one) => one.id)).to.deep.equal([id]);
        expect((await cloud.preview(program("update"))).steps).to.deep.equal(["same subject"]);
      });

      it("ignores the changes that it is told to ignore", async () => {
        const make = (change: "none" | "update") => async () => {
          pulumi.runtime.registerStackTransformation(({ props, opts }) => ({
            props,
            opts: { ...opts, ignoreChanges: updates },
          }));
          subject.make("subject", change, "text");
        };
        await cloud.up(make("none"));
        expect((await cloud.preview(make("update"))).steps).to.deep.equal(["same subject"]);
      });
    }

    if (replaces) {
      it("replaces what can't be changed: the new one comes first", async () => {
        await cloud.up(program());
        const previewed = await cloud.preview(program("replace"));
        expect(previewed.diffs.subject).to.deep.equal(replaces);
        const ended = await cloud.up(program("replace"));
        expect(ended.error).to.equal("");
        expect(ended.steps.filter((step) => !step.startsWith("replace"))).to.deep.equal([
          "create-replacement subject",
          "delete-replaced subject",
        ]);
        expect(cloud.world.list(subject.token)).to.have.length(1);
      });
    }

    it("leaves nothing of a create that fails, and comes up when it is tried again", async () => {
      cloud.fault = ({ kind }) => {
        if (kind === "create") throw new Error("the cloud is out of order");
      };
      const failed = await cloud.up(program());
      expect(failed.error).to.include("the cloud is out of order");
      expect((await cloud.resources()).map(({ type }) => type)).not.to.include(subject.token);
      cloud.fault = () => {};
      expect((await cloud.up(program())).steps).to.deep.equal(["create subject"]);
    });

    it("keeps what exists but did not come up, with its reason", async () => {
      cloud.fault = ({ kind }) => {
        if (kind !== "create") return;
        throw new PartialFailure("it never became ready", { id: "half-1", outputs: {} });
      };
      const failed = await cloud.up(program());
      expect(failed.error).to.include("it never became ready");
      const [state] = (await cloud.resources()).filter(({ type }) => type === subject.token);
      expect(state).to.include({ id: "half-1" });
      expect(state?.initErrors).to.deep.equal(["it never became ready"]);
    });

    it("keeps what comes from a secret encrypted", async () => {
      const value = "hunter2hunter2";
      const ended = await cloud.up(program("none", pulumi.secret(value)));
      expect(ended.error).to.equal("");
      expect(cloud.rawState()).to.include(subject.token);
      expect(cloud.rawState()).not.to.include(value);
    });

    it("finds in a refresh what somebody else deleted", async () => {
      await cloud.up(program());
      const [resource] = cloud.world.list(subject.token);
      cloud.world.remove(subject.token, resource?.id ?? "");
      const refreshed = await cloud.refresh();
      expect(refreshed.error).to.equal("");
      expect((await cloud.resources()).map(({ type }) => type)).not.to.include(subject.token);
    });
  });
}

describe("an emulated provider", () => {
  let cloud: TestCloud;
  before(async () => {
    cloud = await openCloud();
  });
  after(async () => {
    await cloud?.close();
  });

  it("names a type that it does not know, and the file to add it in", async () => {
    const ended = await cloud.preview(async () => void new aws.sqs.Queue("jobs"));
    expect(ended.error).to.include('"aws:sqs/queue:Queue"');
    expect(ended.error).to.include("rehearsal/providers/aws/");
  });

  it("names a function that it does not know", async () => {
    const ended = await cloud.preview(async () => void (await aws.getBillingServiceAccount({})));
    expect(ended.error).to.include("aws:index/getBillingServiceAccount:getBillingServiceAccount");
  });

  it("answers the functions that it knows", async () => {
    const ended = await cloud.up(async () => {
      const token = aws.ecr.getAuthorizationTokenOutput({});
      return { user: token.userName, account: aws.getCallerIdentityOutput({}).accountId };
    });
    expect(ended.outputs.user?.value).to.equal("AWS");
    expect(ended.outputs.account?.value).to.equal("123456789012");
  });
});

/** Short and plain enough to be part of a name. */
function shorten(text: string): string {
  return text.replaceAll(/[^a-z0-9]/g, "").slice(0, 20);
}
