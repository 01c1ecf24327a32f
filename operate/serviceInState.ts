import { z } from "zod";
import { type AwsConnection, type GcpConnection, promotionToken } from "../provider/messages.ts";
import { type PromotionState, stateIn } from "../provider/promotionState.ts";
import type { Properties } from "../provider/properties.ts";
import { CannotDo } from "./cannotDo.ts";

/** What a stack's state tells of one service. */
export type ServiceInState = EcsServiceInState | CloudRunServiceInState | CloudDeployServiceInState;

interface AnyServiceInState extends PromotionState {
  /** Its name in the settings. */
  service: string;
  /** As of the last `up`; undefined where the state does not say. */
  strategy: string | undefined;
}

export interface EcsServiceInState extends AnyServiceInState {
  kind: "ecs";
  cluster: string;
  /** Name or ARN. */
  ecsService: string;
  /** Undefined until the first promotion has begun: the stack's own configuration tells then. */
  connection: AwsConnection | undefined;
  /** The limits of its scaling; undefined where the state does not say. */
  tasks: { min: number; max: number } | undefined;
}

export interface CloudRunServiceInState extends AnyServiceInState {
  kind: "cloudRun";
  /** Full name. */
  cloudRunService: string;
  /** Without credentials, which are secrets: those of the environment are used. */
  connection: Omit<GcpConnection, "accessToken" | "credentials">;
}

/** One whose releases are not this program's. */
export interface CloudDeployServiceInState {
  kind: "cloudDeploy";
  /** Its name in the settings. */
  service: string;
  /** Name of its pipeline, and of the pipeline's target. */
  pipeline: string;
  project: string;
  region: string;
}

/** The part of an exported stack that is read here. */
interface ExportedStack {
  deployment?: {
    resources?: ExportedResource[];
    pending_operations?: { resource: ExportedResource; type: string }[];
  } | null;
}

interface ExportedResource {
  urn: string;
  type: string;
  /** Replaced, and on its way out. */
  delete?: boolean;
  inputs?: unknown;
  outputs?: Properties;
}

const onEcs = z.object({
  kind: z.literal("ecs").default("ecs"),
  cluster: z.string(),
  ecsService: z.string(),
  strategy: z.string().optional(),
  tasks: z.object({ min: z.number(), max: z.number() }).optional(),
  connection: z.object({
    region: z.string(),
    profile: z.string().exactOptional(),
    assumeRole: z
      .object({
        roleArn: z.string(),
        sessionName: z.string().exactOptional(),
        externalId: z.string().exactOptional(),
      })
      .exactOptional(),
    endpoints: z.record(z.string(), z.string()).exactOptional(),
  }),
});

const onCloudRun = z.object({
  kind: z.literal("cloudRun"),
  cloudRunService: z.string(),
  strategy: z.string().optional(),
  connection: z.object({
    project: z.string(),
    region: z.string(),
    impersonateServiceAccount: z.string().exactOptional(),
    endpoints: z
      .object({ run: z.string().exactOptional(), monitoring: z.string().exactOptional() })
      .exactOptional(),
  }),
});

const promotionInputs = z.object({ service: z.string(), deployment: onEcs });
const cloudRunInputs = z.object({ service: z.string(), deployment: onCloudRun });
const anyKind = z.object({ deployment: z.object({ kind: z.literal("cloudRun") }) });

const ecsServiceOutputs = z.object({ name: z.string(), cluster: z.string() });

const pipelineOutputs = z.object({ name: z.string(), project: z.string(), location: z.string() });

const pipelineType = "gcp:clouddeploy/deliveryPipeline:DeliveryPipeline";
/** A stack may hold pipelines of its own besides. */
const pipelineOfOurs = `symphainy:gcp:DeliveryPipeline$${pipelineType}::`;

const ecsServiceType = "aws:ecs/service:Service";
/** ECS services that a stack holds besides those that it releases have another parent. */
const ecsServiceOfOurs = `symphainy:aws:EcsService$${ecsServiceType}::`;

/**
 * The services in an exported stack, by name. While the first promotion of one runs it is among the pending
 * operations; before that, only the ECS service is there. On Cloud Run nothing goes on before that.
 *
 * @param exported - what `pulumi stack export` prints; secrets may be encrypted.
 * @throws CannotDo when the state of a service can't be read.
 */
export function servicesInState(exported: unknown): ServiceInState[] {
  const { resources = [], pending_operations: pending = [] } =
    (exported as ExportedStack).deployment ?? {};
  const present = resources.filter((resource) => !resource.delete);
  const found = new Map<string, ServiceInState>();
  const add = (service: ServiceInState) => {
    if (!found.has(service.service)) found.set(service.service, service);
  };
  present.filter(isPromotion).forEach((promotion) => add(ofPromotion(promotion)));
  pending
    .filter(({ type, resource }) => type === "creating" && isPromotion(resource))
    .forEach(({ resource }) => add(ofPromotion(resource)));
  present
    .filter(({ type, urn }) => type === ecsServiceType && urn.includes(ecsServiceOfOurs))
    .forEach((service) => add(ofEcsService(service)));
  present
    .filter(({ type, urn }) => type === pipelineType && urn.includes(pipelineOfOurs))
    .forEach((pipeline) => add(ofPipeline(pipeline)));
  return [...found.values()].toSorted((a, b) => (a.service < b.service ? -1 : 1));
}

function isPromotion({ type }: ExportedResource): boolean {
  return type === promotionToken;
}

function ofPromotion({ urn, inputs, outputs = {} }: ExportedResource): ServiceInState {
  const state = stateIn(outputs);
  if (anyKind.safeParse(inputs).success) {
    const { service, deployment } = read(cloudRunInputs, inputs, urn);
    const { kind, cloudRunService, connection, strategy } = deployment;
    return { kind, service, cloudRunService, connection, strategy, ...state };
  }
  const { service, deployment } = read(promotionInputs, inputs, urn);
  const { kind, cluster, ecsService, connection, strategy, tasks } = deployment;
  return { kind, service, cluster, ecsService, connection, strategy, tasks, ...state };
}

function ofEcsService({ urn, outputs }: ExportedResource): ServiceInState {
  const { cluster, name } = read(ecsServiceOutputs, outputs, urn);
  const service = urn.split("::").at(-1) ?? name;
  const unknown = { connection: undefined, strategy: undefined, tasks: undefined };
  return { kind: "ecs", service, cluster, ecsService: name, ...unknown, ...stateIn({}) };
}

function ofPipeline({ urn, outputs }: ExportedResource): ServiceInState {
  const { name: pipeline, project, location: region } = read(pipelineOutputs, outputs, urn);
  const service = urn.split("::").at(-1) ?? pipeline;
  return { kind: "cloudDeploy", service, pipeline, project, region };
}

function read<Schema extends z.ZodType>(schema: Schema, value: unknown, urn: string) {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const keys = error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new CannotDo(`The state of ${urn} does not say where the service is. ${keys.join("; ")}`);
}
