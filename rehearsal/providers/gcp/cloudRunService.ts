import type { Service, ServiceInput } from "../../cloud/run/resources.ts";
import { isProperties, type Properties, unknown } from "../properties.ts";
import { type Created, type Failure, PartialFailure, type ResourceType } from "../resourceType.ts";
import { fromApi, object, objects } from "../values.ts";
import type { World } from "../world.ts";
import { serviceBody, serviceDrift, serviceOutputs } from "./runShapes.ts";
import { accountOf, checkLabels, google, projectOf, tokens } from "./shared.ts";

const container = "template.containers[]";
const probes = ["startupProbe", "livenessProbe", "readinessProbe"].map(
  (probe) => `${container}.${probe}`,
);
const latest = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";
const revision = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";

/** Outputs that the cloud works out anew with every update. */
const live = [
  "etag",
  "generation",
  "observedGeneration",
  "updateTime",
  "reconciling",
  "conditions",
  "terminalConditions",
  "latestReadyRevision",
  "latestCreatedRevision",
  "trafficStatuses",
];

/** Outputs that the cloud says once and for all. */
const lasting = [
  "uid",
  "uri",
  "urls",
  "createTime",
  "deleteTime",
  "expireTime",
  "creator",
  "lastModifier",
  "effectiveAnnotations",
];

/** A service of Cloud Run. Creating and updating wait until its newest revision is ready, or has failed. */
export const cloudRunService: ResourceType = google({
  token: tokens.service,
  kind: "behaves",
  naming: { maxLength: 49, transform: (name) => name.toLowerCase() },
  labelled: true,
  required: ["location", "template", "template.containers", `${container}.image`],
  rules: {
    name: {
      pattern: [
        /^[a-z](?:[a-z0-9-]{0,47}[a-z0-9])?$/,
        "at most 49 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen",
      ],
    },
    description: { maxLength: 512 },
    ingress: {
      oneOf: [
        "INGRESS_TRAFFIC_ALL",
        "INGRESS_TRAFFIC_INTERNAL_ONLY",
        "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
      ],
    },
    launchStage: {
      oneOf: ["UNIMPLEMENTED", "PRELAUNCH", "EARLY_ACCESS", "ALPHA", "BETA", "GA", "DEPRECATED"],
    },
    "template.executionEnvironment": {
      oneOf: ["EXECUTION_ENVIRONMENT_GEN1", "EXECUTION_ENVIRONMENT_GEN2"],
    },
    "template.vpcAccess.egress": { oneOf: ["ALL_TRAFFIC", "PRIVATE_RANGES_ONLY"] },
    "template.timeout": { pattern: [/^\d+(\.\d+)?s$/, "seconds such as 300s"] },
    "template.maxInstanceRequestConcurrency": { min: 1, max: 1000 },
    "template.scaling.minInstanceCount": { min: 0 },
    "template.scaling.maxInstanceCount": { min: 1 },
    "traffics[].type": { oneOf: [latest, revision] },
    "traffics[].percent": { min: 0, max: 100 },
    "traffics[].tag": {
      pattern: [/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/, "lower-case letters, digits and hyphens"],
    },
    ...Object.fromEntries(
      probes.flatMap((probe) => [
        [`${probe}.initialDelaySeconds`, { min: 0, max: 240 }],
        [`${probe}.periodSeconds`, { min: 1, max: 3600 }],
        [`${probe}.timeoutSeconds`, { min: 1, max: 3600 }],
        [`${probe}.failureThreshold`, { min: 1 }],
      ]),
    ),
  },
  validate: checkTemplate,
  // The provider's own protection: it has to be taken away before the service can go.
  defaults: { deletionProtection: true },
  replaceOn: ["name", "location"],
  ignoreOn: ["deletionPolicy"],
  references: [accountOf("template.serviceAccount")],
  unique: { property: "name", within: "location", taken: "ALREADY_EXISTS" },
  computed: [...live, ...lasting],
  recomputed: live,
  create: async (inputs, { world }) => {
    refuseTraffic(inputs);
    const parent = `projects/${projectOf(inputs, world)}/locations/${inputs.location}`;
    const run = world.service("run");
    const { name: operation } = await run.createService({
      parent,
      serviceId: String(inputs.name),
      service: bodyOf(inputs, object(inputs.annotations) ?? {}),
    });
    const id = `${parent}/services/${inputs.name}`;
    return settled(world, { id, operation, what: "create" });
  },
  update: async ({ id, inputs, before, outputs, changed }, { world }) => {
    // Only the provider knows of these: nothing is sent to the cloud, which is asked all the same.
    if ([...changed].every((name) => name === "deletionProtection")) {
      const service = await find(world, id);
      return service ? serviceOutputs(service) : {};
    }
    refuseTraffic(inputs);
    const { name: operation } = await world.service("run").updateService({
      service: { ...bodyOf(inputs, annotationsOf(outputs, before, inputs)), name: id },
    });
    return (await settled(world, { id, operation, what: "update" })).outputs;
  },
  delete: async ({ id, inputs }, { world }) => {
    if (inputs.deletionProtection !== false) {
      throw new Error(
        "cannot destroy service without setting deletion_protection=false and running `terraform apply`",
      );
    }
    const run = world.service("run");
    const { name: operation } = await run.deleteService({ name: id });
    await run.waitOperation({ name: operation });
  },
  read: async ({ id }, { world }) => {
    const service = await find(world, id);
    return service && { ...serviceOutputs(service), ...serviceDrift(service) };
  },
});

/** What the API takes of inputs that {@link ResourceType.validate} has seen. */
function bodyOf(inputs: Properties, annotations: Properties): ServiceInput {
  return JSON.parse(JSON.stringify(serviceBody(inputs, annotations)));
}

/** The provider manages the program's annotations, and sends those of others as it has last seen them. */
function annotationsOf(outputs: Properties, before: Properties, inputs: Properties): Properties {
  const annotations = { ...object(outputs.effectiveAnnotations) };
  for (const name of Object.keys(object(before.annotations) ?? {})) delete annotations[name];
  return { ...annotations, ...object(inputs.annotations) };
}

interface Settling {
  id: string;
  operation: string;
  what: "create" | "update";
}

/**
 * Waits as the provider does.
 *
 * @throws PartialFailure when the service does not come to what was asked: it is there all the same, and stays in the state.
 */
async function settled(world: World, { id, operation, what }: Settling): Promise<Created> {
  const { error } = await world.service("run").waitOperation({ name: operation });
  // What could not be created is not read any more: all that its state has is what was asked for.
  const service = error && what === "create" ? undefined : await find(world, id);
  const nothing = Object.fromEntries([...live, ...lasting].map((name) => [name, null]));
  const created = { id, outputs: service ? serviceOutputs(service) : nothing };
  if (!error) return created;
  const doing = what === "create" ? "Creating" : "Updating";
  const words = `Error waiting for ${doing} Service: Error code ${error.code}, message: ${error.message}`;
  throw new PartialFailure(
    what === "create" ? `Error waiting to create Service: ${words}` : words,
    created,
  );
}

async function find(world: World, id: string): Promise<Properties | undefined> {
  const parent = id.slice(0, id.indexOf("/services/"));
  const { services } = await world.service("run").listServices({ parent });
  const found = services.find(({ name }: Service) => name === id);
  return found && fromApi(found);
}

/**
 * The shares make 100 %, a revision is named where one is meant, and a tag stands once. The API says so, not the
 * provider: a refresh leaves traffic in the state that could not be sent, as it reads no more of it than was written.
 *
 * @throws the first thing that is wrong.
 */
function refuseTraffic({ traffics }: Properties): void {
  const targets = objects(traffics);
  if (targets.length === 0) return;
  const sum = targets.reduce((total, { percent }) => total + Number(percent ?? 0), 0);
  if (sum !== 100) throw new Error(`traffics: the shares make ${sum} %, and must make 100 %`);
  for (const { type, revision: name } of targets) {
    if (type === revision && !name) throw new Error("traffics: a REVISION needs its name");
    if (type === latest && name) throw new Error(`traffics: LATEST can't be "${String(name)}"`);
  }
  const tags = targets.flatMap(({ tag }) => (typeof tag === "string" ? [tag] : []));
  if (new Set(tags).size < tags.length) {
    throw new Error(`traffics: a tag stands once; they are ${tags.join(", ")}`);
  }
}

/** Labels of revisions, CPU and its sizes, and a secret's version. */
function checkTemplate({ template }: Properties): Failure[] {
  if (!isProperties(template)) return [];
  const { labels, containers, scaling, maxInstanceRequestConcurrency } = template;
  const failures = checkLabels("template", labels);
  const { minInstanceCount, maxInstanceCount } = object(scaling) ?? {};
  if (Number(minInstanceCount ?? 0) > Number(maxInstanceCount ?? 100)) {
    const reason = `scaling.minInstanceCount ${minInstanceCount} is more than maxInstanceCount ${maxInstanceCount ?? 100}`;
    failures.push({ property: "template", reason });
  }
  for (const { resources, envs } of objects(containers)) {
    const { limits } = object(resources) ?? {};
    failures.push(...checkLimits(object(limits) ?? {}, maxInstanceRequestConcurrency));
    for (const { name, value, valueSource } of objects(envs)) {
      if (name === "PORT" || /^(K_SERVICE|K_REVISION|K_CONFIGURATION)$/.test(String(name))) {
        const reason = `spec.template.spec.containers[0].env: the environment variable ${String(name)} is reserved`;
        failures.push({ property: "template", reason });
      }
      if (value !== undefined && value !== null && valueSource) {
        const reason = `env ${String(name)} has a value and a valueSource`;
        failures.push({ property: "template", reason });
      }
    }
  }
  return failures;
}

/** CPU comes in parts of one below 1, and whole above; more of it wants more memory. */
function checkLimits({ cpu, memory }: Properties, concurrency: unknown): Failure[] {
  const property = "template";
  const failures: Failure[] = [];
  const cores = coresOf(cpu);
  if (cores !== undefined && cores >= 1 && ![1, 2, 4, 6, 8].includes(cores)) {
    failures.push({ property, reason: `cpu must be below 1, or 1, 2, 4, 6 or 8; it is ${cpu}` });
  }
  if (cores !== undefined && cores < 1 && typeof concurrency === "number" && concurrency > 1) {
    const reason = `maxInstanceRequestConcurrency must be 1 with less than one CPU; it is ${concurrency}`;
    failures.push({ property, reason });
  }
  const mib = mebibytesOf(memory);
  const least = cores === undefined ? 128 : cores >= 6 ? 4096 : cores >= 4 ? 2048 : 128;
  if (mib !== undefined && (mib < least || mib > 32_768)) {
    const reason = `memory must be from ${least}Mi to 32Gi with ${String(cpu ?? 1)} CPU; it is ${memory}`;
    failures.push({ property, reason });
  }
  return failures;
}

function coresOf(cpu: Properties[string]): number | undefined {
  if (cpu === undefined || cpu === null || cpu === unknown) return undefined;
  const text = String(cpu);
  return text.endsWith("m") ? Number(text.slice(0, -1)) / 1000 : Number(text);
}

function mebibytesOf(memory: Properties[string]): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(Mi|Gi)$/.exec(String(memory)) ?? [];
  return amount === undefined ? undefined : Number(amount) * (unit === "Gi" ? 1024 : 1);
}
