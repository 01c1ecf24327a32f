/**
 * The cluster that an instance joins: `ECS_CLUSTER=` in its user data. The script itself is never executed.
 *
 * @param userData - Base64, as EC2 has it.
 * @returns `default` where nothing is said, as the agent does.
 */
export function clusterName(userData: string | undefined): string {
  const script = Buffer.from(userData ?? "", "base64").toString("utf8");
  return /ECS_CLUSTER=["']?([A-Za-z0-9_-]+)/.exec(script)?.[1] ?? "default";
}
