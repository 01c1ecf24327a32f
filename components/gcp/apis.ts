import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

export interface ApisArgs {
  project: string;
  /** Such as `run.googleapis.com`. */
  names: readonly string[];
}

/**
 * The APIs of a project that a stack uses. They stay enabled when it is destroyed: others in the project may use them
 * by then.
 */
export class Apis extends pulumi.ComponentResource {
  /** What uses an API has to wait for it. */
  readonly enabled: pulumi.Resource[];

  constructor(name: string, args: ApisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:gcp:Apis", name, {}, opts);
    this.enabled = args.names.map(
      (service) =>
        new gcp.projects.Service(
          `${name}-${service.replace(/\.googleapis\.com$/, "")}`,
          { project: args.project, service, disableOnDestroy: false },
          { parent: this },
        ),
    );
    this.registerOutputs({});
  }
}
