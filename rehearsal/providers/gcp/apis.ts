import type { ResourceType } from "../resourceType.ts";
import { google, projectOf } from "./shared.ts";

/** APIs of the project, which have to be enabled before they are used; nothing is refused for want of one. */
export const apiTypes: ResourceType[] = [
  google({
    token: "gcp:projects/service:Service",
    kind: "inert",
    required: ["service"],
    rules: {
      service: { pattern: [/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, "an API, such as run.googleapis.com"] },
    },
    replaceOn: ["service"],
    ignoreOn: ["disableOnDestroy", "disableDependentServices", "checkIfServiceHasUsageOnDestroy"],
    create: (inputs, { world }) => ({
      id: `${projectOf(inputs, world)}/${inputs.service}`,
      outputs: {},
    }),
    delete: ({ inputs }, { world }) => {
      if (inputs.disableOnDestroy !== true) world.keep(`API ${inputs.service}`);
    },
  }),
];
