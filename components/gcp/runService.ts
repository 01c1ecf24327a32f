import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { candidateTag } from "../../provider/messages.ts";
import { type RunServiceSpec, runServiceArgs } from "./runServiceArgs.ts";
import type { RunTraffic } from "./runTraffic.ts";

export interface RunServiceArgs extends RunServiceSpec {
  traffic: RunTraffic;
  /** Whether it stays as it was deployed last, whatever the rest says, but for its traffic. @default false */
  frozen?: boolean;
  /** Whether Pulumi refuses to delete it; unlike `deletionProtection`, no input of the service. @default false */
  protect?: boolean;
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
          ...(frozen ? inputs.filter((input) => input !== "traffics") : []),
          ...(traffic.ignored ? ["traffics"] : []),
        ],
        protect: args.protect ?? false,
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
 * All inputs of a service, whether the program writes them or not: a refresh reads into the state what others have
 * written, such as `client`, and a difference in one input sends all of them.
 */
const inputs = Object.keys({
  annotations: true,
  binaryAuthorization: true,
  buildConfig: true,
  client: true,
  clientVersion: true,
  customAudiences: true,
  defaultUriDisabled: true,
  deletionPolicy: true,
  deletionProtection: true,
  description: true,
  iapEnabled: true,
  ingress: true,
  invokerIamDisabled: true,
  labels: true,
  launchStage: true,
  location: true,
  multiRegionSettings: true,
  name: true,
  project: true,
  scaling: true,
  tags: true,
  template: true,
  traffics: true,
} satisfies Record<keyof gcp.cloudrunv2.ServiceArgs, true>);

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
