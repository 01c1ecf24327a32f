import type { ResourceType } from "../resourceType.ts";
import { arn, aws, tokens } from "./shared.ts";

/** CloudWatch Logs: API reference of PutRetentionPolicy. */
const retentionDays = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
  3288, 3653,
];

/** Logs. What processes print goes to the rehearsal's own view. */
export const logTypes: ResourceType[] = [
  aws({
    token: tokens.logGroup,
    kind: "inert",
    naming: { maxLength: 512 },
    rules: {
      name: { maxLength: 512, pattern: [/^[\w./#-]+$/, "letters, digits and _ - / . #"] },
      retentionInDays: { oneOf: retentionDays },
      logGroupClass: { oneOf: ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"] },
    },
    defaults: { skipDestroy: false },
    replaceOn: ["name", "namePrefix", "logGroupClass"],
    ignoreOn: ["skipDestroy"],
    unique: { property: "name", taken: "ResourceAlreadyExistsException" },
    computed: ["arn"],
    create: ({ name }, { world }) => ({
      id: String(name),
      outputs: { arn: arn(world, { service: "logs", resource: `log-group:${name}` }) },
    }),
    delete: ({ id, inputs }, { world }) => {
      if (inputs.skipDestroy === true) world.keep(`${tokens.logGroup} ${id}`);
    },
  }),
  aws({
    token: "aws:ec2/flowLog:FlowLog",
    kind: "inert",
    rules: {
      trafficType: { oneOf: ["ACCEPT", "REJECT", "ALL"] },
      logDestinationType: { oneOf: ["cloud-watch-logs", "s3", "kinesis-data-firehose"] },
      maxAggregationInterval: { oneOf: [60, 600] },
    },
    validate: (inputs) => {
      const sources = ["vpcId", "subnetId", "eniId", "transitGatewayId"];
      const given = sources.filter((source) => inputs[source] !== undefined);
      const reason = `exactly one of ${sources.join(", ")} must be given; there are ${given.length}`;
      return given.length === 1 ? [] : [{ property: "vpcId", reason }];
    },
    defaults: { logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 },
    replaceOn: [
      "vpcId",
      "subnetId",
      "eniId",
      "trafficType",
      "logDestination",
      "logDestinationType",
      "logFormat",
      "iamRoleArn",
      "maxAggregationInterval",
    ],
    references: [
      { path: "vpcId", to: [tokens.vpc], missing: "InvalidVpcId.NotFound", holds: false },
      {
        path: "iamRoleArn",
        to: [tokens.role],
        by: "arn",
        missing: "InvalidParameter",
        holds: false,
      },
    ],
    computed: ["arn", "logFormat"],
    create: (_inputs, { world, hex }) => {
      const id = `fl-0${hex(16)}`;
      const resource = `vpc-flow-log/${id}`;
      return { id, outputs: { arn: arn(world, { service: "ec2", resource }), logFormat: "" } };
    },
  }),
];
