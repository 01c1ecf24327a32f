import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { cloudRunRegions } from "../settings/cloudRunRegions.ts";
import { cloudRunSizes } from "../settings/cloudRunSizes.ts";
import { bare, fieldDefault, fieldMeta } from "../settings/fields.ts";
import { instanceTypes } from "../settings/instanceTypes.ts";
import { settingsSchema } from "../settings/schema.ts";

/** Where the page is, from the project's root. */
export const configurationPage = "docs/configuration.md";

const head = `# Configuration

Every key of a stack: its type, what is allowed, its default and what it means. A stack that breaks a rule gets one
error that lists all its problems, before anything is created. This page is made from the code that checks the
settings: \`node tools/configurationDocs.ts\` writes it anew.

Set a key with \`pulumi config set --path 'symphainy:rollout.bakeMinutes' 15\`, or in \`Pulumi.STACK.yaml\`. An object
in a stack replaces the default of \`Pulumi.yaml\` as a whole; what it leaves out gets the defaults below.

Beside these keys, on \`ec2\` and \`fargate\`, \`aws:region\` (or AWS_REGION), \`aws:profile\`, \`aws:assumeRoles\` (one role) and \`aws:endpoints\` are
used as the AWS provider uses them. Access keys don't belong in a stack: they come from the environment, a profile or
a role.

On \`cloudrun\` it is \`gcp:project\` (or GOOGLE_PROJECT), \`gcp:region\` (or GOOGLE_REGION), \`gcp:impersonateServiceAccount\`
(or GOOGLE_IMPERSONATE_SERVICE_ACCOUNT), \`gcp:accessToken\`, \`gcp:credentials\` (the JSON, not a path),
\`gcp:cloudRunV2CustomEndpoint\` and \`gcp:monitoringCustomEndpoint\`. A token and credentials are secrets in the state
however they are written; better are Application Default Credentials.
`;

const tail = `## Rules between keys

On every target:

- \`rollout.steps\` rises, ends at 100, and is \`[100]\` with \`BLUE_GREEN\`.
- \`rollout.bakeMinutes\` ≥ \`alarms.periodSeconds\` × \`alarms.datapoints\` + \`alarms.publicationLagSeconds\` + 60,
  the minute in which the traffic moves.
- \`rollout.gate.deadlineMinutes\` is long enough for all its passes, at their slowest.
- \`health.timeoutSeconds\` < \`health.intervalSeconds\`, for the container and for the load balancer.
- A service has either \`context\` or \`image\`; context and Dockerfile exist.
- A service's name has at most 20 lower-case letters, digits and hyphens, and starts with a letter.
- \`tasks.min\` ≤ \`tasks.max\`.
- RELEASE_ID, PORT, HEALTH_THRESHOLD_PERCENT, KEEP_ALIVE_SECONDS, DRAIN_SECONDS, SERVICE_ENDPOINTS and SERVICE_IDENTITY are set
  by the program, not by \`env\` or \`secrets\`; no variable is in both.
- \`calls\` names other services of the stack, each once.
- No value is encrypted (\`--secret\`): it would be readable in the task definition, or the service. Secrets come by
  ARN, or by name.

On \`ec2\` and \`fargate\`:

- \`rollout.pauseTimeoutMinutes\` is longer than the gate's deadline and the bake.
- \`drainSeconds\` < \`stopTimeoutSeconds\`; \`loadBalancer.idleTimeoutSeconds\` < \`keepAliveSeconds\`; \`tasks.min\` ≥ 1.
- No two services have one path.
- \`tasks.min\` ≤ each \`min\` of \`tasks.schedule\` ≤ \`tasks.max\`; the smallest of them is \`tasks.min\`, or the service
  would never go back to it; no two are for one time.
- A service that calls or is called has a proxy beside each of its tasks, which takes 256 CPU units and 64 MiB of the
  task's: so \`cpu\` ≥ 384 and \`memory\` ≥ 128. The port of one that is called is not 20080, which is the proxy's.
- A task fits on an instance, and \`ec2.maxInstances\` hold twice the tasks of every service: a release runs both.
- Zones and certificate belong to the region. In us-east-1, us-west-1, ap-northeast-1, sa-east-1 and ca-central-1 the
  zones have to be named, as their letters differ from account to account.
- With \`network.natGateways: none\` every \`image\` is in ECR, and every image and secret in the stack's region.
- \`secrets\` are ARNs. Nothing is in \`cloudRun\` and \`cloudDeploy\`, and \`delivery\` is \`pulumi\`.

On \`cloudrun\`:

- \`gcp:region\` is a region of Cloud Run (below). PROJECT-STACK-SERVICE has at most 37 lower-case letters, digits and
  hyphens.
- \`cpu\` is 1024, 2048, 4096, 6144 or 8192, or less than 1024 in steps of 128; then \`cloudRun.concurrency\` is 1 and
  \`cloudRun.cpuAlwaysAllocated\` false. \`memory\` goes with it (below).
- \`stopTimeoutSeconds\` is 10, and \`drainSeconds\` at most 8.
- \`health.startPeriodSeconds\` + \`health.retries\` × \`health.intervalSeconds\` ≤ 240.
- \`rollout.strategy\` is not \`ROLLING\`; \`rollout.steps\` are whole percents.
- \`tags\` are labels, and none is called release. \`secrets\` are names in Secret Manager. K_SERVICE, K_REVISION,
  K_CONFIGURATION and X_GOOGLE_… are Cloud Run's own variables.
- Nothing is written that Cloud Run has no use for: \`certificateArn\`, \`loadBalancer\`, \`network\`, \`ec2\`, \`fargate\`,
  \`alarms.topics\`, \`rollout.deregistrationDelaySeconds\`, \`rollout.pauseTimeoutMinutes\`, \`health.command\`,
  \`securityGroups\`, \`tasks.schedule\`, \`tasks.targetCpuPercent\`, \`tasks.targetRequestsPerMinute\`.
- With \`delivery: cloudDeploy\` nothing is written that Cloud Deploy would ignore or can't do: \`rollout.analysis\`,
  \`rollout.scaleUpMinutes\`, a service's \`release\` and \`buildArgs\`. \`cloudRun.ingress\` is all, and
  \`rollout.gate.deadlineMinutes\` at most 1430. Where a service is built, \`cloudDeploy.repository\` is there and of the
  stack's region, and context and Dockerfile are inside the project; where none is, \`cloudDeploy.repository\` and
  \`cloudDeploy.branch\` are not there. With \`delivery: pulumi\` nothing is in \`cloudDeploy\`.
`;

/** The page, from the schema of the settings. */
export function configurationDocs(): string {
  const sections = Object.entries(settingsSchema.shape).map(([key, schema]) =>
    section(key, schema),
  );
  const regions = `## Regions of Cloud Run\n\n${cloudRunRegions.join(", ")}.\n`;
  const types = `## Instance types\n\n${[...instanceTypes.keys()].join(", ")}.\n`;
  return [head, ...sections, tail, types, sizes(), regions].join("\n");
}

/** Memory that goes with a CPU on Cloud Run. */
function sizes(): string {
  const rows = [...cloudRunSizes].map(
    ([cpu, { least, most }]) => `| ${cpu} | ${least} to ${most} |`,
  );
  const head = ["## Sizes on Cloud Run", "", "| CPU units | MiB |", "| --- | --- |"];
  return [...head, ...rows, ""].join("\n");
}

function section(key: string, schema: z.core.$ZodType): string {
  const { description = "" } = fieldMeta(schema);
  const rows = rowsOf(key, schema);
  const table = ["| Key | Allowed | Default | Meaning |", "| --- | --- | --- | --- |", ...rows];
  const inner = bare(schema);
  const intro = inner instanceof z.ZodObject || inner instanceof z.ZodRecord;
  return [`## symphainy:${key}`, "", ...(intro ? [description, ""] : []), ...table, ""].join("\n");
}

function rowsOf(path: string, schema: z.core.$ZodType): string[] {
  const inner = bare(schema);
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape).flatMap(([key, part]) => rowsOf(`${path}.${key}`, part));
  }
  if (inner instanceof z.ZodRecord && bare(inner.valueType) instanceof z.ZodObject) {
    return rowsOf(`${path}.NAME`, inner.valueType);
  }
  const { description = "", allowed = "" } = fieldMeta(schema);
  const cells = [`\`${path}\``, allowedOf(inner, allowed), defaultOf(path, schema), description];
  const row = `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const ofMaps = inner instanceof z.ZodArray && bare(inner.element) instanceof z.ZodObject;
  return ofMaps ? [row, ...rowsOf(`${path}[]`, inner.element)] : [row];
}

/** What is allowed, and of a map or a list what its values may be. */
function allowedOf(schema: z.core.$ZodType, allowed: string): string {
  const part =
    schema instanceof z.ZodRecord
      ? schema.valueType
      : schema instanceof z.ZodArray
        ? schema.element
        : undefined;
  const each = part === undefined ? undefined : fieldMeta(part).allowed;
  return each === undefined ? allowed : `${allowed}; each: ${each}`;
}

function defaultOf(path: string, schema: z.core.$ZodType): string {
  const [, shared] = /^services\.NAME\.(health\..*)$/.exec(path) ?? [];
  if (shared !== undefined) return `as \`${shared}\``;
  const { derived } = fieldMeta(schema);
  if (derived !== undefined) return derived;
  const value = fieldDefault(schema);
  if (value === undefined) return schema instanceof z.ZodOptional ? "none" : "**required**";
  return value === "" ? "none" : `\`${JSON.stringify(value)}\``;
}

if (import.meta.main) {
  writeFileSync(resolve(import.meta.dirname, "..", configurationPage), configurationDocs());
}
