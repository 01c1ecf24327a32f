import { isDeepStrictEqual } from "node:util";
import type { StackResource } from "../stories/play.ts";
import type { Operation } from "./facts.ts";

/** What is a candidate's own, by type: a failed release may leave it changed, added or half done. */
const candidatesOwn = new Set([
  "aws:ecs/taskDefinition:TaskDefinition",
  "docker:index/image:Image",
  "docker-build:index:Image",
  "random:index/randomId:RandomId",
  "rollout:index:Promotion",
  // The stack's own outputs and, of components, what they have registered.
  "pulumi:pulumi:Stack",
]);

/** By type: what of a resource that is not the candidate's own names the candidate. */
const naming: Record<string, readonly string[]> = {
  "aws:ecs/service:Service": ["taskDefinition", "forceNewDeployment", "desiredCount", "triggers"],
  // All of a service on Cloud Run is its newest revision's, but for whom its traffic goes to.
  "gcp:cloudrunv2/service:Service": [
    "template",
    "traffics",
    "trafficStatuses",
    "etag",
    "generation",
    "observedGeneration",
    "updateTime",
    "lastModifier",
    "reconciling",
    "conditions",
    "terminalConditions",
    "latestReadyRevision",
    "latestCreatedRevision",
    "effectiveAnnotations",
  ],
};

/** Marks a secret in the state; its ciphertext may be written anew. */
const secretMark = "4dabf18193072939515e22adb298388d";

/** What a failed release did to resources that serve what is live, in words. */
export function touchedResources({ stateBefore, stateAfter }: Operation): string[] {
  const [before, after] = [lasting(stateBefore), lasting(stateAfter)];
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].flatMap((urn) => {
    const [was, is] = [before.get(urn), after.get(urn)];
    if (isDeepStrictEqual(was, is)) return [];
    if (!was) return [`added ${urn}`];
    if (!is) return [`lost ${urn}`];
    const parts = [...new Set([...Object.keys(was), ...Object.keys(is)])];
    const changed = parts.filter((part) => !isDeepStrictEqual(was[part], is[part]));
    return [`changed ${changed.join(", ")} of ${urn}`];
  });
}

/** Resource → what may not change, one entry per property. */
function lasting(resources: StackResource[]): Map<string, Record<string, unknown>> {
  const custom = resources.filter(
    ({ type, id, delete: gone }) => id !== undefined && !gone && !candidatesOwn.has(type),
  );
  return new Map(custom.map((resource) => [resource.urn, propertiesOf(resource)]));
}

function propertiesOf({ type, id, inputs = {}, outputs = {} }: StackResource) {
  const left = new Set(naming[type]);
  const of = (prefix: string, values: Record<string, unknown>) =>
    Object.entries(values)
      .filter(([key]) => !left.has(key))
      .map(([key, value]) => [`${prefix}.${key}`, withoutCiphertext(value)] as const);
  return { id, ...Object.fromEntries([...of("inputs", inputs), ...of("outputs", outputs)]) };
}

function withoutCiphertext(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutCiphertext);
  if (typeof value !== "object" || value === null) return value;
  if (secretMark in value) return "a secret";
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, withoutCiphertext(part)]),
  );
}
