import { expect } from "chai";
import { touchedResources } from "../../../rehearsal/judge/touchedResources.ts";
import type { StackResource } from "../../../rehearsal/stories/play.ts";
import { failedReply, judged, operationOf, scenes } from "./support/scenes.ts";

function resource(type: string, overrides: Partial<StackResource> = {}): StackResource {
  return { urn: `urn:${type}::platform`, type, id: "id-1", inputs: {}, outputs: {}, ...overrides };
}

const service = "aws:ecs/service:Service";
const definition = "aws:ecs/taskDefinition:TaskDefinition";
const rule = "aws:lb/listenerRule:ListenerRule";

function touched(before: StackResource[], after: StackResource[]): string[] {
  return touchedResources(operationOf({ stateBefore: before, stateAfter: after }));
}

describe("what a failed release did to live resources", () => {
  const state = [
    resource(service, { inputs: { taskDefinition: "td:1", networkConfiguration: { a: 1 } } }),
    resource(definition),
    resource(rule, { outputs: { priority: 100 } }),
  ];

  it("is nothing when only the candidate's own differ", () => {
    const after = [
      resource(service, {
        inputs: { taskDefinition: "td:2", networkConfiguration: { a: 1 } },
        outputs: { taskDefinition: "td:2" },
      }),
      resource(definition, { id: "td:2" }),
      resource(definition, { urn: "urn:old", id: "td:1", delete: true }),
      resource(rule, { outputs: { priority: 100 } }),
      resource("rollout:index:Promotion"),
      resource("random:index/randomId:RandomId"),
    ];
    expect(touched(state, after)).to.deep.equal([]);
  });

  it("is a changed, a lost and an added one, by name", () => {
    const after = [
      resource(service, { inputs: { taskDefinition: "td:1", networkConfiguration: { a: 2 } } }),
      resource(definition),
      resource("aws:ec2/vpc:Vpc"),
    ];
    expect(touched(state, after)).to.deep.equal([
      `changed inputs.networkConfiguration of urn:${service}::platform`,
      `lost urn:${rule}::platform`,
      "added urn:aws:ec2/vpc:Vpc::platform",
    ]);
  });

  it("is one that was replaced", () => {
    expect(touched([resource(rule)], [resource(rule, { id: "id-2" })])).to.deep.equal([
      `changed id of urn:${rule}::platform`,
    ]);
  });

  it("is no secret that was only enciphered anew", () => {
    const secret = (ciphertext: string) => ({
      inputs: {
        values: [
          { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext },
        ],
      },
    });
    expect(touched([resource(rule, secret("a"))], [resource(rule, secret("b"))])).to.deep.equal([]);
  });

  it("breaks a promise where a release failed, and none where it went live", () => {
    const [stateBefore, stateAfter] = [[resource(rule)], [] as StackResource[]];
    const failed = operationOf({ reply: failedReply, stateBefore, stateAfter });
    const held = scenes.held({ operations: [failed] });
    expect(judged("held", held).broken).to.deep.equal([
      `live resources untouched: lost urn:${rule}::platform`,
    ]);
    const first = { ...failed, liveBefore: null };
    const { broken } = judged("held", scenes.held({ operations: [first] }));
    expect(broken.filter((text) => text.startsWith("live resources"))).to.deep.equal([]);
    const liveAfter = scenes.shifted().liveAfter;
    const good = operationOf({ stateBefore, stateAfter, liveAfter });
    expect(judged("shifted", scenes.shifted({ operations: [good] })).broken).to.deep.equal([]);
  });
});
