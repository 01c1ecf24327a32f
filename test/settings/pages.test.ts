import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { parse } from "yaml";
import { fieldDefault } from "../../settings/fields.ts";
import { settingsSchema } from "../../settings/schema.ts";
import { readSettings } from "../../settings.ts";
import { configurationDocs, configurationPage } from "../../tools/configurationDocs.ts";
import { policyDocs, policyPage } from "../../tools/policyDocs.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

interface DeclaredKey {
  type: string;
  description: string;
  default?: unknown;
}

/** Settings as the engine would hand them over: everything is text. */
function settingsOf(config: Record<string, unknown>) {
  const texts = Object.entries(config).map(([key, value]) => [
    key.includes(":") ? key : `symphainy:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(texts));
  return readSettings(root);
}

describe("pages made from code", () => {
  it(`${configurationPage} is current; else run node tools/configurationDocs.ts`, () => {
    expect(read(configurationPage)).to.equal(configurationDocs());
  });
  it(`${policyPage} is current; else run node tools/policyDocs.ts`, () => {
    expect(read(policyPage)).to.equal(policyDocs());
  });
});

describe("Pulumi.yaml", () => {
  const declared: Record<string, DeclaredKey> = parse(read("Pulumi.yaml")).config;
  const schema = settingsSchema.shape;

  it("declares every key that the settings know, and no other", () => {
    expect(Object.keys(declared).toSorted()).to.deep.equal(Object.keys(schema).toSorted());
  });
  it("describes every key, and has a default for all but the target", () => {
    for (const [name, key] of Object.entries(declared)) {
      expect(key.description, name).to.match(/\.$/);
      expect(key.type, name).to.be.oneOf(["string", "integer", "object"]);
      expect("default" in key, name).to.equal(name !== "target");
    }
  });
  it("has the defaults that the settings have", () => {
    for (const [name, part] of Object.entries(schema)) {
      if (name === "target") continue;
      expect(declared[name]?.default, name).to.deep.equal(fieldDefault(part));
    }
    const defaults = Object.entries(declared).map(([name, key]) => [name, key.default]);
    const written = settingsOf({
      "aws:region": "eu-central-1",
      ...Object.fromEntries(defaults),
      target: "ec2",
    });
    expect(written).to.deep.equal(settingsOf({ "aws:region": "eu-central-1", target: "ec2" }));
  });
  it("has no default that a stack on Cloud Run would have to take back", () => {
    const place = { "gcp:project": "my-project", "gcp:region": "europe-west1", target: "cloudrun" };
    const defaults = Object.entries(declared).map(([name, key]) => [name, key.default]);
    const written = settingsOf({ ...Object.fromEntries(defaults), ...place });
    expect(written).to.deep.equal(settingsOf(place));
  });
});

for (const target of ["ec2", "fargate", "cloudrun"]) {
  describe(`Pulumi.${target}.yaml`, () => {
    it("is a stack that the settings accept", () => {
      const settings = settingsOf(parse(read(`Pulumi.${target}.yaml`)).config);
      expect(settings.target).to.equal(target);
      expect(settings.services.platform?.image.kind).to.equal("build");
      expect(settings.services.platform?.env).to.include({ LOG_LEVEL: "INFO" });
    });
  });
}
