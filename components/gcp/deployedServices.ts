import { isObject, type Json } from "../../provider/properties.ts";

/** A service on Cloud Run that this stack has made, and that has had a revision which was ready. */
export interface DeployedService {
  /** Of its container, as the state knows it. */
  image: string;
}

const serviceType = "gcp:cloudrunv2/service:Service";

/**
 * The services in a stack's state, by their full names `projects/PROJECT/locations/REGION/services/NAME`. One whose
 * first revision has never become ready is not among them: it still has to be made.
 *
 * @param state - as `components/stackState.ts` reads it.
 */
export function deployedServices(state: Json): Map<string, DeployedService> {
  const resources = isObject(state) && isObject(state.outputs) ? Object.values(state.outputs) : [];
  const services = new Map<string, DeployedService>();
  for (const resource of resources) {
    if (!isObject(resource) || resource.type !== serviceType) continue;
    const { outputs = null } = resource;
    if (!isObject(outputs) || !outputs.latestReadyRevision) continue;
    const { project, location, name, template = null } = outputs;
    const parts = ["projects", project, "locations", location, "services", name];
    services.set(parts.join("/"), { image: imageIn(template) });
  }
  return services;
}

function imageIn(template: Json): string {
  const containers = isObject(template) ? template.containers : undefined;
  const [container = null] = Array.isArray(containers) ? containers : [];
  const image = isObject(container) ? container.image : undefined;
  return typeof image === "string" ? image : "";
}
