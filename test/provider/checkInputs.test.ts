import { expect } from "chai";
import { checkInputs } from "../../provider/checkInputs.ts";
import { isObject, type Json, type Properties, unknown } from "../../provider/properties.ts";
import { promotionInputs } from "./support/promotionInputs.ts";

describe("checkInputs", () => {
  /** Good inputs, with the value at one path changed; undefined removes it. */
  function inputsWith(path: string, value: Json | undefined): Properties {
    const inputs: Properties = JSON.parse(JSON.stringify(promotionInputs()));
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    let parent = inputs;
    for (const key of keys) {
      const inner = parent[key];
      if (!isObject(inner)) throw new Error(`${path} is not there`);
      parent = inner;
    }
    if (value === undefined) delete parent[last];
    else parent[last] = value;
    return inputs;
  }

  it("takes good inputs", () => {
    expect(checkInputs(inputsWith("service", "platform"))).to.deep.equal([]);
  });

  for (const path of ["deployment.taskDefinition", "gate.url", "gate.header", "deployment"]) {
    it(`takes ${path} that is not known yet`, () => {
      expect(checkInputs(inputsWith(path, unknown))).to.deep.equal([]);
    });
  }

  for (const path of ["gate.header", "deployment.connection.profile", "deployment.calls"]) {
    it(`does without ${path}`, () => {
      expect(checkInputs(inputsWith(path, undefined))).to.deep.equal([]);
    });
  }

  for (const [path, value, reason] of [
    ["service", undefined, "service must be a non-empty string, not missing"],
    ["release", "", 'release must be a non-empty string, not ""'],
    ["deployment.kind", "nomad", 'deployment.kind must be one of "ecs", "cloudRun", not "nomad"'],
    [
      "deployment.taskDefinition",
      "platform",
      'deployment.taskDefinition must be the ARN of a task definition with its revision number, not "platform"',
    ],
    [
      "deployment.calls",
      "insurance",
      'deployment.calls must be a list of non-empty strings, not "insurance"',
    ],
    [
      "deployment.scaleUpMinutes",
      0,
      "deployment.scaleUpMinutes must be a number from 0.1 to 20160, not 0",
    ],
    [
      "deployment.connection.region",
      undefined,
      "deployment.connection.region must be a non-empty string, not missing",
    ],
    ["gate.url", "platform.test", 'gate.url must be an http or https URL, not "platform.test"'],
    ["gate.thresholdPercent", 0, "gate.thresholdPercent must be a number from 1 to 100, not 0"],
    ["gate.thresholdPercent", 101, "gate.thresholdPercent must be a number from 1 to 100, not 101"],
    [
      "gate.consecutivePasses",
      1.5,
      "gate.consecutivePasses must be a whole number from 1 to 1000, not 1.5",
    ],
    ["gate.header.value", undefined, "gate.header needs both a name and a value"],
    ["bake.minutes", -1, "bake.minutes must be a number from 0 to 1440, not -1"],
    [
      "bake.alarms",
      "errors",
      'bake.alarms must be a list of alarms, each with a name and what it watches, not "errors"',
    ],
    [
      "gate.consecutivePasses",
      100,
      "gate.deadlineMinutes 5 is too short: gate.consecutivePasses 100 every 5 s take 495 s",
    ],
    ["gate.treshold", 80, "gate.treshold is not an input of rollout:index:Promotion"],
  ] as const) {
    it(`refuses ${path} ${JSON.stringify(value)}`, () => {
      const failing = checkInputs(inputsWith(path, value));
      expect(failing.map((failure) => failure.reason)).to.deep.equal([reason]);
    });
  }

  it("names every input that is wrong, not only the first", () => {
    const failing = checkInputs({ ...inputsWith("gate.thresholdPercent", 0), service: 7 });
    expect(failing.map(({ property }) => property)).to.deep.equal([
      "service",
      "gate.thresholdPercent",
    ]);
  });

  it("keeps the secret out of its messages", () => {
    const failing = checkInputs(inputsWith("gate.header.value", 12_345_678));
    expect(JSON.stringify(failing)).not.to.contain("12345678");
    expect(failing).to.have.length(1);
  });
});
