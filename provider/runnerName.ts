import { hostname, userInfo } from "node:os";

/** Variables in which CI systems say who started a run. */
const actors = [
  "PULUMI_DEPLOYMENTS_ACTOR",
  "GITHUB_ACTOR",
  "GITLAB_USER_LOGIN",
  "BUILDKITE_BUILD_AUTHOR",
  "CIRCLE_USERNAME",
  "BUILD_REQUESTEDFOR",
];

/** Who runs this promotion, for the record: a CI system's actor, or user and host. */
export function runnerName(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  machine: () => string = () => `${userName()}@${hostname()}`,
): string {
  const actor = actors.map((name) => environment[name]).find((value) => value);
  const inCi = environment.CI ? " (CI)" : "";
  return actor ? `${actor}${inCi}` : machine();
}

/** A container's user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
