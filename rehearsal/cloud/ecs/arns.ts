import type { EcsContext } from "./ports.ts";

type Place = Pick<EcsContext, "region" | "account">;

/** `arn:aws:ecs:<region>:<account>:<resource>` */
export function ecsArn({ region, account }: Place, resource: string): string {
  return `arn:aws:ecs:${region}:${account}:${resource}`;
}

/** The last part of an ARN's path, or the name itself when it is none. */
export function nameOf(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
}
