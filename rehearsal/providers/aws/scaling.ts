import { AwsError } from "../../cloud/awsError.ts";
import type { ResourceType } from "../resourceType.ts";
import { arn, aws, tokens } from "./shared.ts";

/** Application Auto Scaling. Tasks are not scaled by load in a rehearsal: only what names what is checked. */
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
  }),
  aws({
    token: "aws:appautoscaling/policy:Policy",
    kind: "inert",
    taggable: false,
    naming: { maxLength: 256 },
    required: ["resourceId", "scalableDimension", "serviceNamespace"],
    rules: {
      policyType: { oneOf: ["StepScaling", "TargetTrackingScaling", "PredictiveScaling"] },
      "targetTrackingScalingPolicyConfiguration.targetValue": { min: 0 },
    },
    defaults: { policyType: "StepScaling" },
    replaceOn: ["name", "resourceId", "scalableDimension", "serviceNamespace"],
    references: [
      {
        path: "resourceId",
        to: [tokens.scalableTarget],
        missing: "ObjectNotFoundException",
        // A target takes its policies with it.
        holds: false,
      },
    ],
    unique: { property: "name", within: "resourceId", taken: "ValidationException" },
    computed: ["alarmArns", "arn"],
    create: ({ name, resourceId }, { world, hex }) => ({
      id: String(name),
      outputs: {
        alarmArns: [],
        arn: arn(world, {
          service: "autoscaling",
          resource: `scalingPolicy:${hex(32)}:resource/ecs/${resourceId}:policyName/${name}`,
        }),
      },
    }),
  }),
];
