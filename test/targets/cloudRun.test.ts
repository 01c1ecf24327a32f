import { cloudRunSettings } from "../support/settings.ts";
import { keepsTheContract } from "./contract.ts";
import { untaggableGcp } from "./untaggableGcp.ts";

keepsTheContract({
  name: "cloudrun",
  settings: cloudRunSettings,
  ownCloud: "@pulumi/gcp",
  otherClouds: /^@pulumi\/aws$|^@aws-sdk\//,
  untaggable: untaggableGcp,
  toldByCloud: ["PORT"],
  watchesAlarms: false,
  sharesHost: false,
});
