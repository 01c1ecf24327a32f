import { createHash } from "node:crypto";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

export interface DeliveryAccountsArgs {
  project: string;
  region: string;
  /** Name of the service on Cloud Run. */
  service: pulumi.Input<string>;
  /** What the ids of the accounts are made from: unique in the project, the same at every run. */
  identity: string;
  /** Email of what the service runs as. */
  runtimeAccount: pulumi.Input<string>;
  /** Id of the repository that images are pushed to, in the same region. @default none: nothing is built */
  repositoryId?: pulumi.Input<string> | undefined;
  /** Name of the bucket that keeps what releases are made of. */
  bucket: pulumi.Input<string>;
  /** Whether the service lets nobody in without an identity token. */
  isPrivate: boolean;
  /** What has to be there before: the APIs. @default nothing */
  after?: pulumi.Resource[];
}

/** What may be granted, and on what; {@link DeliveryAccounts.allow} names whom. */
type Grant = (member: pulumi.Input<string>) => pulumi.Resource;

/**
 * Three accounts, so that none can do the work of another: one builds and asks for a release, one deploys it, one moves
 * it on or back. Each may use its own bucket, service and repository; on the project as a whole it may write logs, and
 * read what has no narrower resource.
 */
export class DeliveryAccounts extends pulumi.ComponentResource {
  /** What Cloud Build runs as. */
  readonly build: gcp.serviceaccount.Account;
  /** What Cloud Deploy renders, deploys and verifies as. */
  readonly execution: gcp.serviceaccount.Account;
  /** What Cloud Deploy's automation acts as. */
  readonly automation: gcp.serviceaccount.Account;
  /** What has to be there before anything acts as one of them. */
  readonly grants: pulumi.Resource[] = [];

  constructor(name: string, args: DeliveryAccountsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:gcp:DeliveryAccounts", name, {}, opts);
    const child = { parent: this };
    const { project, region, bucket, repositoryId } = args;

    const account = (purpose: string, displayName: string) =>
      new gcp.serviceaccount.Account(
        `${name}-${purpose}`,
        { project, accountId: accountId(purpose, args.identity), displayName },
        { ...child, dependsOn: args.after ?? [] },
      );
    this.build = account("build", `Builds and releases ${name}`);
    this.execution = account("deploy", `Deploys ${name}`);
    this.automation = account("automate", `Moves releases of ${name} on or back`);

    const onProject = (purpose: string, role: string): Grant => {
      return (member) =>
        new gcp.projects.IAMMember(
          `${name}-${purpose}-${shortRole(role)}`,
          { project, role, member },
          child,
        );
    };
    const onBucket = (purpose: string, role: string): Grant => {
      return (member) =>
        new gcp.storage.BucketIAMMember(
          `${name}-${purpose}-${shortRole(role)}`,
          { bucket, role, member },
          child,
        );
    };
    const onRegistry = (purpose: string, role: string): Grant[] =>
      repositoryId === undefined
        ? []
        : [
            (member) =>
              new gcp.artifactregistry.RepositoryIamMember(
                `${name}-${purpose}-${shortRole(role)}`,
                { project, location: region, repository: repositoryId, role, member },
                child,
              ),
          ];
    const onService = (purpose: string, role: string): Grant => {
      return (member) =>
        new gcp.cloudrunv2.ServiceIamMember(
          `${name}-${purpose}-${shortRole(role)}`,
          { project, location: region, name: args.service, role, member },
          child,
        );
    };
    const actAs = (purpose: string, serviceAccountId: pulumi.Input<string>): Grant => {
      return (member) =>
        new gcp.serviceaccount.IAMMember(
          `${name}-${purpose}-user`,
          { serviceAccountId, role: "roles/iam.serviceAccountUser", member },
          child,
        );
    };

    this.allow(this.build, [
      onProject("build", "roles/logging.logWriter"),
      onProject("build", "roles/clouddeploy.viewer"),
      ...onRegistry("build", "roles/artifactregistry.writer"),
      // gcloud looks at the bucket itself before it puts a release's files into it.
      onBucket("build", "roles/storage.legacyBucketReader"),
      onBucket("build", "roles/storage.objectUser"),
      actAs("build", this.execution.name),
    ]);
    this.allow(this.execution, [
      onProject("deploy", "roles/logging.logWriter"),
      // What an analysis needs: policies have no IAM of their own.
      onProject("deploy", "roles/monitoring.alertPolicyViewer"),
      onProject("deploy", "roles/serviceusage.serviceUsageConsumer"),
      // Cloud Run lets nobody deploy an image that he may not read.
      ...onRegistry("deploy", "roles/artifactregistry.reader"),
      onBucket("deploy", "roles/storage.legacyBucketReader"),
      onBucket("deploy", "roles/storage.objectUser"),
      onService("deploy", "roles/run.developer"),
      ...(args.isPrivate ? [onService("deploy", "roles/run.invoker")] : []),
      actAs(
        "deploy",
        pulumi.interpolate`projects/${project}/serviceAccounts/${args.runtimeAccount}`,
      ),
    ]);
    this.allow(this.automation, [actAs("automate", this.execution.name)]);
    this.registerOutputs({});
  }

  private allow(account: gcp.serviceaccount.Account, grants: readonly Grant[]): void {
    const member = pulumi.interpolate`serviceAccount:${account.email}`;
    this.grants.push(...grants.map((grant) => grant(member)));
  }
}

/** 6 to 30 characters, where names of services on Cloud Run have up to 37. */
export function accountId(purpose: string, identity: string): string {
  const digits = createHash("sha256").update(identity).digest("hex").slice(0, 12);
  return `${purpose}-${digits}`;
}

function shortRole(role: string): string {
  return role.slice("roles/".length).replace(".", "-");
}
