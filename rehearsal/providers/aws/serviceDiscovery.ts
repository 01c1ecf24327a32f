import type { ResourceType } from "../resourceType.ts";
import { arn, aws, tokens } from "./shared.ts";

/** Cloud Map. What is in a namespace is ECS's own affair. */
export const serviceDiscoveryTypes: ResourceType[] = [
  aws({
    token: tokens.httpNamespace,
    kind: "behaves",
    naming: { maxLength: 1024 },
    rules: {
      name: {
        maxLength: 1024,
        pattern: [/^[!-~]+$/, "printable characters without spaces"],
      },
    },
    replaceOn: ["name", "description"],
    unique: { property: "name", taken: "NamespaceAlreadyExists" },
    // The provider tries for two minutes; whoever depends on it is gone before, or never goes.
    inUse: "ResourceInUse",
    computed: ["arn", "httpName"],
    create: ({ name }, context) => {
      const id = `ns-${context.hex(16)}`;
      const resource = `namespace/${id}`;
      const { world } = context;
      return {
        id,
        outputs: { arn: arn(world, { service: "servicediscovery", resource }), httpName: name },
      };
    },
  }),
];
