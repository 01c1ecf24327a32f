import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { type SecretVersion, secretVersion } from "./secretVersion.ts";

export interface RunIdentityArgs {
  /** Id of the account, unique in the project; 6 to 30 characters. */
  accountId: string;
  project: string;
  /** The secrets that are handed to the service, as {@link secretVersion} takes them. */
  secrets: readonly string[];
  /** What has to be there before: the APIs. @default nothing */
  after?: pulumi.Resource[];
}

/**
 * What a service acts as: an account of its own that may read the secrets that the service is given, and nothing else.
 * Without one, Cloud Run takes the project's default account, which in most projects may edit everything.
 */
export class RunIdentity extends pulumi.ComponentResource {
  readonly email: pulumi.Output<string>;
  /** The account as IAM names it: `serviceAccount:EMAIL`. */
  readonly member: pulumi.Output<string>;
  /** Its permissions: a service whose secrets it can't read has no revision that starts. */
  readonly grants: pulumi.Resource[];

  constructor(name: string, args: RunIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:gcp:RunIdentity", name, {}, opts);
    const account = new gcp.serviceaccount.Account(
      name,
      {
        accountId: args.accountId,
        project: args.project,
        displayName: `Service ${name}`,
        description: `What the instances of ${args.accountId} act as`,
      },
      { parent: this, dependsOn: args.after ?? [] },
    );
    this.email = account.email;
    this.member = pulumi.interpolate`serviceAccount:${account.email}`;
    this.grants = secretsIn(args.secrets).map(
      ({ project, secret }) =>
        new gcp.secretmanager.SecretIamMember(
          `${name}-${project}-${secret}`,
          {
            project,
            secretId: secret,
            role: "roles/secretmanager.secretAccessor",
            member: this.member,
          },
          { parent: this, dependsOn: args.after ?? [] },
        ),
    );
    this.registerOutputs({ email: this.email });
  }
}

/** Each secret once, whichever versions of it are used: access is to a secret as a whole. */
function secretsIn(references: readonly string[]): Pick<SecretVersion, "project" | "secret">[] {
  const secrets = references.map(secretVersion);
  const byName = new Map(secrets.map((it) => [`${it.project}/${it.secret}`, it]));
  return [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, secret]) => secret);
}
