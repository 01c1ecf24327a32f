import * as aws from "@pulumi/aws";
import { connectProxy } from "./connectProxy.ts";
import type { EcsService } from "./ecsService.ts";
import type { Tags } from "./tags.ts";

/** A service at one end of a call. */
interface End {
  name: string;
  ecsService: EcsService;
}

/** Lets the tasks of `caller` talk to the proxies beside the tasks of `called`, and to nothing else of them. */
export function allowCalls(caller: End, called: End, tags: Tags): aws.vpc.SecurityGroupIngressRule {
  return new aws.vpc.SecurityGroupIngressRule(
    // No service has an underscore in its name, so that no two pairs have one name.
    `${called.name}_${caller.name}`,
    {
      securityGroupId: called.ecsService.securityGroupId,
      referencedSecurityGroupId: caller.ecsService.securityGroupId,
      description: `Calls by ${caller.name}`,
      ipProtocol: "tcp",
      fromPort: connectProxy.port,
      toPort: connectProxy.port,
      tags: { ...tags },
    },
    { parent: called.ecsService },
  );
}
