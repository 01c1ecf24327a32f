import type { ProviderKind } from "../providerKind.ts";
import { apiTypes } from "./apis.ts";
import { cloudBuildTypes } from "./cloudBuild.ts";
import { cloudDeployTypes } from "./cloudDeploy.ts";
import { cloudRunService } from "./cloudRunService.ts";
import { identityTypes } from "./identity.ts";
import { invokes } from "./invokes.ts";
import { monitoringTypes } from "./monitoring.ts";
import { registryTypes } from "./registry.ts";
import { storageTypes } from "./storage.ts";

/** Every resource type and function of Google Cloud that the program uses. */
export const gcpProvider: ProviderKind = {
  name: "gcp",
  version: "9.37.0",
  types: [
    cloudRunService,
    ...identityTypes,
    ...registryTypes,
    ...apiTypes,
    ...monitoringTypes,
    ...storageTypes,
    ...cloudBuildTypes,
    ...cloudDeployTypes,
  ],
  table: "rehearsal/providers/gcp/ (a file per area, joined in index.ts)",
  invokes,
};
