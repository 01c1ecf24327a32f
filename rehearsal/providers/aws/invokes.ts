import { madeUpValue } from "../../cloud/secretStore.ts";
import type { Invoke } from "../providerKind.ts";
import { tokens } from "./shared.ts";

/** Functions that the program calls. */
export const invokes: Record<string, Invoke> = {
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": ({ registryId }, world) => {
    const proxyEndpoint = `https://${registryId ?? world.account}.dkr.ecr.${world.region}.amazonaws.com`;
    const password = madeUpValue(`token of ${world.hex("ecr token", 32)}`);
    return {
      id: world.region,
      region: world.region,
      authorizationToken: Buffer.from(`AWS:${password}`).toString("base64"),
      userName: "AWS",
      password,
      proxyEndpoint,
      expiresAt: "2100-01-01T00:00:00Z",
    };
  },
  "aws:index/getCallerIdentity:getCallerIdentity": (_args, world) => ({
    id: world.account,
    accountId: world.account,
    arn: `arn:${world.partition}:iam::${world.account}:user/rehearsal`,
    userId: "AIDAREHEARSAL00000000",
  }),
  "aws:index/getPartition:getPartition": (_args, world) => ({
    id: world.partition,
    partition: world.partition,
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getRegion:getRegion": (_args, world) => ({
    id: world.region,
    name: world.region,
    region: world.region,
    endpoint: `ec2.${world.region}.amazonaws.com`,
    description: world.region,
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_args, world) => {
    const names = ["a", "b", "c"].map((letter) => `${world.region}${letter}`);
    return {
      id: world.region,
      region: world.region,
      names,
      groupNames: [world.region],
      zoneIds: names.map((_name, index) => `${world.region}-az${index + 1}`),
    };
  },
  "aws:ec2/getSubnet:getSubnet": ({ id }, world) => ({
    ...world.get(tokens.subnet, String(id))?.outputs,
    id,
  }),
};
