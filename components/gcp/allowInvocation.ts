import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import type { RunService } from "./runService.ts";

/** Whoever is on the internet, with or without an account. */
export const everybody = "allUsers";

/**
 * Lets somebody send requests to a service, and nothing else.
 *
 * @param name - of the permission; unique in the stack.
 * @param member - as IAM names it: `serviceAccount:EMAIL`, or {@link everybody}.
 */
export function allowInvocation(
  name: string,
  called: RunService,
  member: pulumi.Input<string>,
): gcp.cloudrunv2.ServiceIamMember {
  const { service } = called;
  return new gcp.cloudrunv2.ServiceIamMember(
    name,
    {
      project: service.project,
      location: service.location,
      name: service.name,
      role: "roles/run.invoker",
      member,
    },
    { parent: called },
  );
}
