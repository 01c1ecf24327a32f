import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse, parseAllDocuments } from "yaml";
import { deliveryConfiguration } from "../../tools/deliveryConfiguration.ts";
import { createDelivery, deliveryArgs } from "../components/gcp/support/createDelivery.ts";
import { only } from "../support/mocks.ts";

const root = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const documents: unknown[] = parseAllDocuments(read("clouddeploy.yaml")).map((it) => it.toJS());
const [pipeline, target, automation] = documents;

describe("clouddeploy.yaml", () => {
  it("is what its tool writes: node tools/deliveryYaml.ts", () => {
    expect(documents).to.deep.equal(deliveryConfiguration());
  });

  it("moves traffic, watches and asks as the program's pipeline does", async () => {
    const { service } = deliveryArgs();
    const made = only(
      await createDelivery({ service: { ...service, path: "/" } }),
      "gcp:clouddeploy/deliveryPipeline:DeliveryPipeline",
    );
    const canary = "serialPipeline.stages[0].strategy.canary";
    for (const [file, program] of [
      ["runtimeConfig", "runtimeConfig"],
      ["canaryDeployment.percentages", "canaryDeployment.percentages"],
      ["canaryDeployment.analysis.duration", "canaryDeployment.analysis.duration"],
      ["verify.tasks[0].image", "verifyConfig.tasks[0].container.image"],
      ["verify.tasks[0].command", "verifyConfig.tasks[0].container.commands"],
      ["verify.tasks[0].args", "verifyConfig.tasks[0].container.args"],
      ["verify.tasks[0].env.HEALTH_PATH", "verifyConfig.tasks[0].container.env.HEALTH_PATH"],
    ].map(([a, b]) => [a, b].map((it = "") => it.replace(/^verify/, "canaryDeployment.verify")))) {
      expect(pipeline).to.have.deep.nested.property(
        `${canary}.${file}`,
        valueAt(made.inputs, `${canary}.${program}`),
      );
    }
  });

  it("has the program's target and automation, but for the names of rules", async () => {
    const recording = await createDelivery();
    const made = only(recording, "gcp:clouddeploy/target:Target").inputs;
    expect(target).to.include({ kind: "Target", requireApproval: made.requireApproval });
    expect(target).to.have.deep.nested.property(
      "executionConfigs[0].usages",
      valueAt(made, "executionConfigs[0].usages"),
    );
    const rules = only(recording, "gcp:clouddeploy/automation:Automation").inputs.rules;
    const renamed: unknown = JSON.parse(JSON.stringify(rules).replaceAll('"id":', '"name":'));
    expect(automation).to.deep.include({ kind: "Automation", rules: renamed });
  });
});

describe("skaffold.yaml", () => {
  const skaffold: unknown = parse(read("skaffold.yaml"));

  it("deploys to Cloud Run the manifest that the build lays beside it", () => {
    expect(skaffold).to.deep.include({
      manifests: { rawYaml: ["service.yaml"] },
      deploy: { cloudrun: {} },
    });
    expect(read("cloudbuild.yaml")).to.include(".delivery/service.yaml");
  });

  it("has no gate of its own beside the pipeline's", () => {
    expect(skaffold).not.to.have.property("verify");
  });
});

/** The value at a path such as `a.b[0].c`. */
function valueAt(value: unknown, path: string): unknown {
  return path
    .split(/[.[\]]+/)
    .filter((part) => part !== "")
    .reduce((inner: unknown, part) => Reflect.get(Object(inner), part), value);
}
