import { AwsError } from "../../cloud/awsError.ts";
import type { ResourceType } from "../resourceType.ts";
import { scalingPolicy } from "./scalingPolicy.ts";
import { scheduledAction } from "./scheduledAction.ts";
import { arn, aws, tokens } from "./shared.ts";

/**
 * Application Auto Scaling. Nothing is scaled in a rehearsal, neither by load nor by a schedule: what names what, and
 * what excludes what, is checked.
 */
export const scalingTypes: ResourceType[] = [
  aws({
    token: tokens.scalableTarget,
    kind: "inert",
    required: ["maxCapacity", "minCapacity", "resourceId", "scalableDimension", "serviceNamespace"],
    rules: { minCapacity: { min: 0 }, maxCapacity: { min: 0 } },
    validate: ({ minCapacity, maxCapacity }) =>
      Number(minCapacity) > Number(maxCapacity)
        ? [
            {
              property: "minCapacity",
              reason: `${minCapacity} is more than maxCapacity, ${maxCapacity}`,
            },
          ]
        : [],
    replaceOn: ["resourceId", "scalableDimension", "serviceNamespace"],
    unique: { property: "resourceId", within: "scalableDimension", taken: "ValidationException" },
    computed: ["arn", "roleArn"],
    create: ({ resourceId, serviceNamespace }, { world, hex }) => {
      const [, cluster, name] = String(resourceId).split("/");
      const service = world
        .list(tokens.service)
        .some(({ id }) => id.endsWith(`:service/${cluster}/${name}`));
      if (serviceNamespace === "ecs" && !service) {
        throw new AwsError("ValidationException", `ECS service doesn't exist: ${resourceId}`);
      }
      return {
        id: String(resourceId),
        outputs: {
          arn: arn(world, {
            service: "application-autoscaling",
            resource: `scalable-target/${hex(32)}`,
          }),
          roleArn: arn(world, {
            service: "iam",
            region: "",
            resource:
              "role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService",
          }),
        },
      };
    },
    // What a scheduled action that has run leaves behind.
    read: ({ outputs: { minCapacity, maxCapacity } }) => ({ minCapacity, maxCapacity }),
  }),
  scalingPolicy,
  scheduledAction,
];
