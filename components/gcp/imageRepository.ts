import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { ImageRegistry } from "../containerImage.ts";
import type { Labels } from "./labels.ts";

export interface ImageRepositoryArgs {
  /** Id of the repository, unique in project and region; ≤ 63 characters. */
  repositoryId: string;
  /** Name of the images in it. */
  imageName: string;
  project: string;
  /** Region of the repository. */
  location: string;
  /** Images that are kept, newest first; older ones can't be rolled back to. @default 100 */
  keepImages?: number;
  /** What has to be there before: the API. @default nothing */
  after?: pulumi.Resource[];
  labels: Labels;
}

/** A repository of Artifact Registry whose tags never move. */
export class ImageRepository extends pulumi.ComponentResource implements ImageRegistry {
  /** Its id, which is known when it is there. */
  readonly repositoryId: pulumi.Output<string>;
  readonly repository: pulumi.Output<string>;
  readonly server: pulumi.Output<string>;
  readonly username: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;

  constructor(name: string, args: ImageRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:gcp:ImageRepository", name, {}, opts);
    const { repositoryId, project, location } = args;
    const repository = new gcp.artifactregistry.Repository(
      name,
      {
        repositoryId,
        project,
        location,
        format: "DOCKER",
        dockerConfig: { immutableTags: true },
        cleanupPolicies: cleanupPolicies(args.keepImages ?? 100),
        // What is only tried out deletes nothing.
        cleanupPolicyDryRun: false,
        labels: { ...args.labels },
      },
      { parent: this, dependsOn: args.after ?? [] },
    );
    // Good for an hour and asked for anew each time; neither user name nor password makes a new image.
    const client = gcp.organizations.getClientConfigOutput({ parent: this });
    const server = `${location}-docker.pkg.dev`;
    this.repositoryId = repository.repositoryId;
    this.repository = pulumi.interpolate`${server}/${repository.project}/${repository.repositoryId}/${args.imageName}`;
    this.server = pulumi.output(server);
    this.username = pulumi.output("oauth2accesstoken");
    this.password = pulumi.secret(client.accessToken);
    this.registerOutputs({ repository: this.repository });
  }
}

/** What is kept wins over what is deleted; without anything deleted, all is kept for ever. */
function cleanupPolicies(
  keepImages: number,
): gcp.types.input.artifactregistry.RepositoryCleanupPolicy[] {
  return [
    {
      id: "keep-newest",
      action: "KEEP",
      mostRecentVersions: { keepCount: keepImages },
    },
    {
      id: "delete-older",
      action: "DELETE",
      condition: { tagState: "ANY", olderThan: "86400s" },
    },
  ];
}
