import { z } from "zod";
import { text } from "./fields.ts";

const id = "[A-Za-z0-9][A-Za-z0-9._-]*";

/** `symphainy:cloudDeploy`. */
export const cloudDeploySchema = z.strictObject({
  repository: text(
    new RegExp(`^projects/[a-z0-9:.-]+/locations/[a-z0-9-]+/connections/${id}/repositories/${id}$`),
    {
      description:
        "Repository that Cloud Build is connected with (docs/delivery.md). Needed, and only of use, where a service is built.",
      allowed:
        "projects/PROJECT/locations/REGION/connections/CONNECTION/repositories/REPOSITORY, of the stack's region",
    },
  ).optional(),
  branch: text(/^[A-Za-z0-9][\w./-]*$/, {
    description: "Branch whose pushes are released.",
    allowed: "the name of a branch: letters, digits and . _ / -",
  }).default("main"),
  requireApproval: z.boolean().default(true).meta({
    description:
      "Whether somebody has to approve each release before it is deployed; a roll-back may have to wait for that, too.",
    allowed: "true or false",
  }),
});
