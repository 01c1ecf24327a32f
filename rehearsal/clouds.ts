import type { CloudKind } from "./cloud/emulatedCloud.ts";
import type { Workspace } from "./stage/workspace.ts";
import { type TargetName, targets } from "./targets.ts";

const aws: CloudKind = {
  place: { region: "aws:region" },
  credentials: {
    AWS_ACCESS_KEY_ID: "AKIAREHEARSAL0000000",
    AWS_SECRET_ACCESS_KEY: "made-up-for-the-rehearsal",
    AWS_EC2_METADATA_DISABLED: "true",
  },
  start: async (args) => {
    const { AwsCloud } = await import("./cloud/awsCloud.ts");
    return AwsCloud.start(args);
  },
};

const google: CloudKind = {
  place: { region: "gcp:region", account: "gcp:project" },
  credentials: {
    GOOGLE_OAUTH_ACCESS_TOKEN: "made-up-for-the-rehearsal",
    // Nobody looks for a metadata server that would give another one.
    METADATA_SERVER_DETECTION: "none",
  },
  start: async (args) => {
    const { GoogleCloud } = await import("./cloud/googleCloud.ts");
    return GoogleCloud.start(args);
  },
};

/** By target: the cloud that it is deployed to. A cloud's own modules are loaded when a world of it is opened. */
export const clouds: Record<TargetName, CloudKind> = {
  ec2: aws,
  fargate: aws,
  cloudrun: google,
};

/**
 * The cloud that a workspace's stack is deployed to.
 *
 * @throws Error that names the stack's target, where no rehearsal knows it.
 */
export async function cloudOf(workspace: Pick<Workspace, "settings">): Promise<CloudKind> {
  const { target } = await workspace.settings();
  const known = targets.find((name) => name === target);
  if (known) return clouds[known];
  throw new Error(
    `symphainy:target: ${JSON.stringify(target)} can't be rehearsed; known are ${targets.join(", ")}`,
  );
}
