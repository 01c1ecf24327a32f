import { madeUpValue } from "../../cloud/secretStore.ts";
import type { Invoke } from "../providerKind.ts";

/** Functions that the program calls. */
export const invokes: Record<string, Invoke> = {
  "gcp:organizations/getClientConfig:getClientConfig": (_args, world) => ({
    id: `projects/"${world.account}"/regions/"${world.region}"/zones/""`,
    accessToken: madeUpValue(`token of ${world.hex("google token", 32)}`),
    defaultLabels: {},
    project: world.account,
    region: world.region,
    zone: "",
  }),
};
