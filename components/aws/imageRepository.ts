import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ImageRegistry } from "../containerImage.ts";
import type { Tags } from "./tags.ts";

export interface ImageRepositoryArgs {
  /** Images that are kept, newest first; older ones can't be rolled back to. @default 100 */
  keepImages?: number;
  /** Whether `destroy` deletes the images with the repository. @default true */
  forceDelete?: boolean;
  tags: Tags;
}

/** An ECR repository whose tags never move. */
export class ImageRepository extends pulumi.ComponentResource implements ImageRegistry {
  readonly repository: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  readonly server: pulumi.Output<string>;
  readonly username: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;

  constructor(name: string, args: ImageRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:ImageRepository", name, {}, opts);
    const repository = new aws.ecr.Repository(
      name,
      {
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "AES256" }],
        forceDelete: args.forceDelete ?? true,
        tags: { ...args.tags },
      },
      { parent: this },
    );
    new aws.ecr.LifecyclePolicy(
      name,
      { repository: repository.name, policy: lifecyclePolicy(args.keepImages ?? 100) },
      { parent: this },
    );
    // Good for twelve hours and asked for anew each time; neither user name nor password makes a
    // new image.
    const token = aws.ecr.getAuthorizationTokenOutput(
      { registryId: repository.registryId },
      { parent: this },
    );
    this.repository = repository.repositoryUrl;
    this.arn = repository.arn;
    this.server = repository.repositoryUrl;
    this.username = token.userName;
    this.password = pulumi.secret(token.password);
    this.registerOutputs({ repository: this.repository, arn: this.arn });
  }
}

function lifecyclePolicy(keepImages: number): string {
  return JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        description: `Keep the ${keepImages} newest images`,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keepImages },
        action: { type: "expire" },
      },
    ],
  });
}
