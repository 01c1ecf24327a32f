import type {
  ServiceConnectClientAlias,
  ServiceConnectConfiguration,
  ServiceConnectService,
  TaskDefinition,
} from "@aws-sdk/client-ecs";
import { AwsError } from "../awsError.ts";
import type { EcsContext } from "./ports.ts";
import { refuseUnknown } from "./refuseUnknown.ts";

const configurationFields: ReadonlySet<string> = new Set<keyof ServiceConnectConfiguration>([
  "enabled",
  "namespace",
  "services",
  "logConfiguration",
]);
const serviceFields: ReadonlySet<string> = new Set<keyof ServiceConnectService>([
  "portName",
  "discoveryName",
  "clientAliases",
  "ingressPortOverride",
  "timeout",
]);
const aliasFields: ReadonlySet<string> = new Set<keyof ServiceConnectClientAlias>([
  "dnsName",
  "port",
  "testTrafficRules",
]);

/**
 * Refuses what ECS refuses of a service's part in a namespace, each by itself; names that others have are another
 * matter.
 *
 * @throws AwsError InvalidParameterException, NamespaceNotFoundException; UnsupportedFeatureException for what no
 *   rehearsal can do.
 */
export function validateServiceConnect(
  connect: ServiceConnectConfiguration | undefined,
  definition: TaskDefinition,
  { namespaces }: Pick<EcsContext, "namespaces">,
): void {
  if (!connect?.enabled) return;
  refuseUnknown(connect, configurationFields, "serviceConnectConfiguration: ");
  if (!connect.namespace) throw invalid("Service Connect needs a namespace.");
  if (!namespaces(connect.namespace)) {
    throw new AwsError(
      "NamespaceNotFoundException",
      `The specified namespace wasn't found: ${connect.namespace}.`,
    );
  }
  checkRoom(definition);
  const services = connect.services ?? [];
  if (services.length > 1) throw unsupported("more than one endpoint of a service");
  for (const service of services) checkEndpoint(service, definition);
}

function checkEndpoint(service: ServiceConnectService, definition: TaskDefinition): void {
  refuseUnknown(service, serviceFields, "serviceConnectConfiguration.services: ");
  const { portName, discoveryName, clientAliases = [], ingressPortOverride } = service;
  const mappings = (definition.containerDefinitions ?? []).flatMap((it) => it.portMappings ?? []);
  const mapping = mappings.find(({ name }) => name !== undefined && name === portName);
  if (!mapping) {
    throw invalid(
      `portName(${portName}) does not refer to any named PortMapping in the task definition.`,
    );
  }
  if (mapping.appProtocol !== "http") throw unsupported("another appProtocol than http");
  if (discoveryName !== undefined)
    checkName("discoveryName", discoveryName, /^[a-z0-9_][\w-]*$/, 64);
  const [alias, ...more] = clientAliases;
  if (!alias || more.length > 0) {
    throw invalid("There must be exactly one clientAlias for each Service Connect service.");
  }
  refuseUnknown(alias, aliasFields, "clientAliases: ");
  checkPort("clientAlias port", alias.port);
  checkName("dnsName", alias.dnsName ?? "", /^[a-z0-9_][\w.-]*$/, 127);
  if (ingressPortOverride !== undefined) checkPort("ingressPortOverride", ingressPortOverride);
  const { perRequestTimeoutSeconds } = service.timeout ?? {};
  if (perRequestTimeoutSeconds !== 0) {
    throw unsupported("a time-out for whole requests (15 seconds, unless it is set to 0)");
  }
}

/** The proxy lives on what the containers' own limits leave of the task. */
function checkRoom({ memory, containerDefinitions = [] }: TaskDefinition): void {
  const limits = containerDefinitions.reduce((sum, container) => sum + (container.memory ?? 0), 0);
  if (memory !== undefined && limits < Number(memory)) return;
  throw invalid(
    `Task definition does not support Service Connect: its memory (${memory ?? "none"}) must be more than ` +
      `the containers' limits (${limits}).`,
  );
}

function checkName(key: string, name: string, pattern: RegExp, longest: number): void {
  if (pattern.test(name) && name === name.toLowerCase() && name.length <= longest) return;
  throw invalid(
    `${key} '${name}' must be 1 to ${longest} lowercase letters, digits, _ or - and not start with a hyphen.`,
  );
}

function checkPort(key: string, port: number | undefined): void {
  if (port !== undefined && Number.isInteger(port) && port >= 1 && port <= 65_535) return;
  throw invalid(`${key} must be a port, not ${port}.`);
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}

function unsupported(what: string): AwsError {
  return new AwsError(
    "UnsupportedFeatureException",
    `serviceConnectConfiguration: ${what} is not rehearsed.`,
  );
}
