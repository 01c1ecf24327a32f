import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/** What is built on a push. */
export interface DeliverySource {
  /** The connected repository: `projects/P/locations/REGION/connections/C/repositories/R`, of the pipeline's region. */
  repository: string;
  /** Regular expression of branches that are released. @default ^main$ */
  branch?: string;
  /** Path of the build context, from the repository's root. */
  context: string;
  /** Path of the Dockerfile, from there too. */
  dockerfile: string;
  /** Where the image is pushed: a repository of Artifact Registry in the pipeline's project and region. */
  registry: {
    repositoryId: pulumi.Input<string>;
    /** `HOST/PROJECT/REPOSITORY/IMAGE`, without a tag. */
    image: pulumi.Input<string>;
  };
}

export interface DeliveryTriggerArgs {
  project: string;
  location: string;
  name: string;
  source: DeliverySource;
  /** Resource name of what builds run as. */
  serviceAccount: pulumi.Input<string>;
  /** Name of the pipeline that is given the release. */
  pipeline: pulumi.Input<string>;
  /** Where the release's manifest lies, `gs://…`. */
  manifest: pulumi.Input<string>;
  /** Where the release's files are put, `gs://…`. */
  staging: pulumi.Input<string>;
  /** What has to be there before the first push: what the account may do. */
  after: pulumi.Resource[];
}

/** Runs `cloudbuild.yaml` on a push. */
export class DeliveryTrigger extends pulumi.ComponentResource {
  constructor(name: string, args: DeliveryTriggerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:gcp:DeliveryTrigger", name, {}, opts);
    const { project, location, source } = args;
    new gcp.cloudbuild.Trigger(
      name,
      {
        project,
        location,
        name: args.name,
        description: `Tests, builds and releases ${name}`,
        repositoryEventConfig: {
          repository: source.repository,
          push: { branch: source.branch ?? "^main$" },
        },
        filename: "cloudbuild.yaml",
        includeBuildLogs: "INCLUDE_BUILD_LOGS_WITH_STATUS",
        serviceAccount: args.serviceAccount,
        substitutions: {
          _DELIVERY: "cloudDeploy",
          _REGION: location,
          _CONTEXT: source.context,
          _DOCKERFILE: source.dockerfile,
          _IMAGE: source.registry.image,
          _PIPELINE: args.pipeline,
          _MANIFEST: args.manifest,
          _STAGING: args.staging,
        },
      },
      { parent: this, dependsOn: args.after },
    );
    this.registerOutputs({});
  }
}
