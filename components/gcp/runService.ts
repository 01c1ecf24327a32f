import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { candidateTag } from "../../provider/messages.ts";
import { type RunServiceSpec, runServiceArgs } from "./runServiceArgs.ts";
import type { RunTraffic } from "./runTraffic.ts";

export interface RunServiceArgs extends RunServiceSpec {
  traffic: RunTraffic;
  /** Whether it stays as it was deployed last, whatever the rest says, but for its traffic. @default false */
  frozen?: boolean;
  /** What has to be there before its first revision: APIs, permissions, services that it calls. @default nothing */
  after?: pulumi.Resource[];
  /** What runs around an update: a promotion still under way has to be over by then. @default nothing */
  hooks?: pulumi.ResourceHookBinding;
}

/**
 * A service on Cloud Run. Each change of it is a revision that waits at its own URL until a promotion gives it
 * production traffic.
 */
export class RunService extends pulumi.ComponentResource {
  readonly service: gcp.cloudrunv2.Service;
  /** `projects/PROJECT/locations/REGION/services/NAME` */
  readonly fullName: pulumi.Output<string>;
  /** URL of the production traffic, without a trailing slash. */
  readonly uri: pulumi.Output<string>;
  /** URL that only the candidate answers. */
  readonly candidateUri: pulumi.Output<string>;

  constructor(name: string, args: RunServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:gcp:RunService", name, {}, opts);
    const { traffic, frozen = false } = args;
    const declared = runServiceArgs(args);
    const service = new gcp.cloudrunv2.Service(
      name,
      { ...declared, traffics: traffic.traffics },
      {
        parent: this,
        dependsOn: args.after ?? [],
        ignoreChanges: [
          ...(frozen ? Object.keys(declared) : []),
          ...(traffic.ignored ? ["traffics"] : []),
        ],
        ...(args.hooks && { hooks: args.hooks }),
      },
    );
    this.service = service;
    this.fullName = pulumi.interpolate`projects/${args.project}/locations/${args.location}/services/${service.name}`;
    this.uri = onceKnown(service.uri);
    this.candidateUri = pulumi
      .all([this.uri, service.trafficStatuses])
      .apply(([uri, statuses]) => candidateUri(uri, statuses));
    this.registerOutputs({ fullName: this.fullName, uri: this.uri });
  }
}

/**
 * A service whose first revision did not start is in the state without what Cloud Run says of it: until an update has
 * gone well, a preview knows as little as before there was a service.
 */
function onceKnown(uri: pulumi.Output<string>): pulumi.Output<string> {
  const hidden: Promise<string> = Promise.resolve(Object(pulumi.unknown));
  return uri.apply((told) => (!told && pulumi.runtime.isDryRun() ? hidden : Promise.resolve(told)));
}

/** The candidate's own URL; where none is reported, it is made as Cloud Run makes them. */
function candidateUri(
  uri: string,
  statuses: readonly { tag?: string; uri?: string }[] | null = [],
): string {
  const reported = statuses?.find(({ tag }) => tag === candidateTag)?.uri;
  return reported ? reported : uri.replace("//", `//${candidateTag}---`);
}
