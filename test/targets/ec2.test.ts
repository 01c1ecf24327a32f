import { ec2Settings } from "../support/settings.ts";
import { keepsTheContract } from "./contract.ts";
import { untaggableAws } from "./untaggableAws.ts";

keepsTheContract({
  name: "ec2",
  settings: ec2Settings,
  otherCloud: "@pulumi/gcp",
  untaggable: untaggableAws,
});
