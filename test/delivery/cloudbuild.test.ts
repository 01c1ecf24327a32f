import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { imagePlaceholder, releasePlaceholder } from "../../components/gcp/deliveryManifest.ts";
import { engineVersion } from "../../rehearsal/engine/engineVersion.ts";
import { createDelivery } from "../components/gcp/support/createDelivery.ts";
import { only } from "../support/mocks.ts";

interface Build {
  substitutions: Record<string, string>;
  steps: { id: string; name: string; timeout: string; env?: string[]; script: string }[];
  options: Record<string, string>;
  timeout: string;
}

const root = join(import.meta.dirname, "../..");
const text = readFileSync(join(root, "cloudbuild.yaml"), "utf8");
const build: Build = parse(text);
const ids = build.steps.map(({ id }) => id);
const step = (id: string) => build.steps.find((it) => it.id === id) ?? expect.fail(`no step ${id}`);

/** What Cloud Build itself knows of a build that a push has started. */
const builtIn = ["PROJECT_ID", "COMMIT_SHA", "BUILD_ID"];

describe("cloudbuild.yaml", () => {
  it("tests before it builds, and builds before it releases", () => {
    expect(ids).to.deep.equal(["test", "image", "release", "up"]);
    // Without waitFor each step waits for all before it.
    for (const it of build.steps) expect(it).not.to.have.any.keys("waitFor", "allowFailure");
    expect(step("test").script).to.include("npm test");
  });

  it("defines every substitution that it uses, and uses every one that it defines", () => {
    const used = build.steps.flatMap(({ env = [] }) =>
      env.flatMap((entry) => [...entry.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name ?? "")),
    );
    const own = used.filter((name) => name.startsWith("_"));
    expect([...new Set(own)]).to.have.members(Object.keys(build.substitutions));
    expect(builtIn).to.include.members(used.filter((name) => !name.startsWith("_")));
  });

  it("takes what the trigger gives it", async () => {
    const { inputs } = only(await createDelivery(), "gcp:cloudbuild/trigger:Trigger");
    const given = inputs.substitutions ?? {};
    expect(Object.keys(build.substitutions)).to.include.members(Object.keys(given));
    expect(given).to.include({ _DELIVERY: "cloudDeploy" });
    const needed = [...step("release").script.matchAll(/\$\{(\w+):\?set by the trigger\}/g)];
    expect(needed).to.have.lengthOf(4);
    for (const [, name] of needed) expect(given).to.have.property(`_${name}`);
  });

  it("gives scripts their values by the environment, and no script a value as code", () => {
    for (const { id, script, env = [] } of build.steps) {
      expect(script, id).not.to.match(/\$\{?_/);
      const given = new Set(env.map((entry) => entry.slice(0, entry.indexOf("="))));
      const taken = [...script.matchAll(/\$\{?([A-Z][A-Z_]*)/g)].map(([, name]) => name ?? "");
      for (const name of taken)
        expect([...given, "HOME", "PATH"], `${id}: ${name}`).to.include(name);
    }
  });

  it("stops at the first command that fails", () => {
    for (const { id, script } of build.steps) {
      expect(script, id).to.match(/^#!\/usr\/bin\/env bash\nset -euo pipefail\n/);
    }
  });

  it("pushes by the commit, and goes on with the digest", () => {
    expect(step("image").script).to.include('docker push "$IMAGE:$COMMIT"');
    expect(step("image").env).to.include("COMMIT=$COMMIT_SHA");
    for (const id of ["release", "up"]) expect(step(id).script).to.include("$(cat image.txt)");
    expect(text).not.to.include(":latest");
  });

  it("does one of the two deliveries, whichever is asked for", () => {
    expect(step("release").script).to.include('[ "$DELIVERY" = cloudDeploy ] || exit 0');
    expect(step("up").script).to.include('[ "$DELIVERY" = pulumi ] || exit 0');
    expect(step("image").script).to.match(/\*\) echo .*write pulumi or cloudDeploy.* exit 1/);
  });

  it("fills in what the manifest has left open", () => {
    expect(step("release").script).to.include(`s/${releasePlaceholder}/$release/g`);
    expect(step("release").script).to.include(`--images "${imagePlaceholder}=$(cat image.txt)"`);
  });

  it("names releases as Cloud Deploy allows", () => {
    expect(step("release").script).to.include('release="r-${COMMIT:0:12}-${BUILD%%-*}"');
    const name = `r-${"0123456789abcdef".slice(0, 12)}-${"01234567-89ab".split("-")[0]}`;
    expect(name).to.match(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);
  });

  it("installs the engine that the rehearsal is pinned to, and makes it the step's own process", () => {
    expect(step("up").env).to.include(`PULUMI_VERSION=${engineVersion.replace(/^v/, "")}`);
    expect(step("up").script.trim().split("\n").at(-1)).to.match(/^exec pulumi up .*--policy-pack/);
  });

  it("says where its logs go, as it has to with an account of its own", () => {
    expect(build.options.logging).to.equal("CLOUD_LOGGING_ONLY");
  });

  it("ends in time, and has time for each of its ways", () => {
    const seconds = (time: string) => Number(/^(\d+)s$/.exec(time)?.[1]);
    const of = (...names: string[]) =>
      names.reduce((sum, id) => sum + seconds(step(id).timeout), 0);
    expect(seconds(build.timeout)).to.be.at.least(of("test", "image", "up"));
    expect(seconds(build.timeout)).to.be.at.least(of("test", "image", "release"));
  });
});
