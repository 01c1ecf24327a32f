import type { ProviderKind } from "../serveProvider.ts";
import { invokes } from "./invokes.ts";
import { networkTypes } from "./network.ts";
import { securityGroupTypes } from "./securityGroups.ts";

/** Every resource type and function of AWS that the program uses. */
export const awsProvider: ProviderKind = {
  name: "aws",
  version: "7.48.0",
  types: [...networkTypes, ...securityGroupTypes],
  table: "rehearsal/providers/aws/ (a file per area, joined in index.ts)",
  invokes,
};
