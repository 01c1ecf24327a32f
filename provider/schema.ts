import { promotionToken } from "./messages.ts";

/** Of the provider itself; it is released with the program, so nobody picks a version. */
export const version = "0.1.0";

/** The package schema, as far as the engine and its tools ask for one. Check is what really holds the inputs to it. */
export const schema = {
  name: "rollout",
  version,
  description: "Brings releases live: waits for the cloud's deployment, judges it, and proves it.",
  resources: {
    [promotionToken]: {
      description: "One service's way from one release to the next.",
      inputProperties: {
        service: { type: "string" },
        release: { type: "string" },
        deployment: { $ref: "pulumi.json#/Any" },
        gate: { $ref: "pulumi.json#/Any" },
        bake: { $ref: "pulumi.json#/Any" },
        proof: { $ref: "pulumi.json#/Any" },
      },
      requiredInputs: ["service", "release", "deployment", "gate", "bake", "proof"],
      properties: {
        live: { $ref: "pulumi.json#/Any" },
        history: { type: "array", items: { $ref: "pulumi.json#/Any" } },
        drift: { type: "array", items: { type: "string" } },
      },
      required: ["history", "drift"],
    },
  },
};
