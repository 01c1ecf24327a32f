import type { Reference } from "../resourceRules.ts";
import { tokens } from "./shared.ts";

/** What policies and scheduled actions have in common: they belong to a scalable target. */
export const scalingPart = {
  required: ["resourceId", "scalableDimension", "serviceNamespace"],
  replaceOn: ["name", "resourceId", "scalableDimension", "serviceNamespace"],
  references: [
    {
      path: "resourceId",
      to: [tokens.scalableTarget],
      missing: "ObjectNotFoundException",
      // A target takes its parts with it.
      holds: false,
    } satisfies Reference,
  ],
  /** The API would write over what has the name. */
  unique: { property: "name", within: "resourceId", taken: "ValidationException" },
};
