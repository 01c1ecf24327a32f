import { portOf } from "./instanceSpec.ts";
import { defaultStartupProbe } from "./probe.ts";
import type { RevisionTemplate, RunContainer, RunProbe, ServiceInput } from "./resources.ts";
import { defaultTraffic } from "./routes.ts";
import { defaultLimits } from "./validateResources.ts";
import { defaultConcurrency, defaultMaxInstances, defaultTimeout } from "./validateService.ts";

/** A service with what Cloud Run fills in: whoever reads it sees that, and what was not said is compared by it. */
export function withDefaults(service: ServiceInput, projectNumber: string): ServiceInput {
  return {
    ...service,
    ingress: service.ingress || "INGRESS_TRAFFIC_ALL",
    launchStage: service.launchStage || "GA",
    template: templateWithDefaults(service.template ?? {}, projectNumber),
    traffic: service.traffic?.length ? service.traffic : [...defaultTraffic],
  };
}

function templateWithDefaults(template: RevisionTemplate, projectNumber: string): RevisionTemplate {
  const { scaling = {}, containers = [] } = template;
  const port = portOf(template);
  return {
    ...template,
    scaling: { ...scaling, maxInstanceCount: scaling.maxInstanceCount || defaultMaxInstances },
    timeout: template.timeout || defaultTimeout,
    serviceAccount:
      template.serviceAccount || `${projectNumber}-compute@developer.gserviceaccount.com`,
    containers: containers.map((container) => containerWithDefaults(container, port)),
    maxInstanceRequestConcurrency: template.maxInstanceRequestConcurrency || defaultConcurrency,
  };
}

function containerWithDefaults(container: RunContainer, port: number): RunContainer {
  const { resources = {}, ports = [], startupProbe, livenessProbe, readinessProbe } = container;
  return {
    ...container,
    resources: { ...resources, limits: { ...defaultLimits, ...resources.limits } },
    ports: [{ name: ports[0]?.name || "http1", containerPort: port }],
    startupProbe: probeWithDefaults(startupProbe ?? defaultStartupProbe, port),
    ...(livenessProbe ? { livenessProbe: probeWithDefaults(livenessProbe, port) } : {}),
    ...(readinessProbe
      ? { readinessProbe: { successThreshold: 2, ...probeWithDefaults(readinessProbe, port) } }
      : {}),
  };
}

function probeWithDefaults(probe: RunProbe, port: number): RunProbe {
  const { httpGet, tcpSocket } = probe;
  return {
    ...probe,
    timeoutSeconds: probe.timeoutSeconds || 1,
    periodSeconds: probe.periodSeconds || 10,
    failureThreshold: probe.failureThreshold || 3,
    ...(httpGet
      ? { httpGet: { ...httpGet, path: httpGet.path || "/", port: httpGet.port || port } }
      : {}),
    ...(tcpSocket ? { tcpSocket: { port: tcpSocket.port || port } } : {}),
  };
}
