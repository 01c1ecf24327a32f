/** What can be rehearsed: each has a stack file of its name. */
export const targets = ["ec2", "fargate", "cloudrun"] as const;
export type TargetName = (typeof targets)[number];
