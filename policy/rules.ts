import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import * as cost from "./rules/cost.ts";
import * as ecs from "./rules/ecs.ts";
import * as encryption from "./rules/encryption.ts";
import * as iam from "./rules/iam.ts";
import * as image from "./rules/image.ts";
import * as lb from "./rules/lb.ts";
import * as network from "./rules/network.ts";
import * as promotion from "./rules/promotion.ts";
import * as rollout from "./rules/rollout.ts";
import * as run from "./rules/run.ts";
import * as tags from "./rules/tags.ts";

/** Every rule of the pack. */
export const rules: (ResourceValidationPolicy | StackValidationPolicy)[] = [
  cost,
  ecs,
  encryption,
  iam,
  image,
  lb,
  network,
  promotion,
  rollout,
  run,
  tags,
].flatMap((area) => Object.values(area));
