import { isObject, type Json, type Properties } from "../../provider/properties.ts";
import { outputsOf } from "../stackState.ts";

/** A service on Cloud Run that this stack has made, and that has had a revision which was ready. */
export interface DeployedService {
  /** Of its container, as the state knows it. */
  image: string;
  /** What Cloud Deploy has brought live, as a refresh has seen it last. @default Cloud Deploy has no part in it */
  delivered?: DeliveredRelease;
}

export interface DeliveredRelease {
  /** Short name of the revision that has all traffic; undefined while none has. */
  revision: string | undefined;
}

const serviceType = "gcp:cloudrunv2/service:Service";
const pipelineType = "gcp:clouddeploy/deliveryPipeline:DeliveryPipeline";

/**
 * The services in a stack's state, by their full names `projects/PROJECT/locations/REGION/services/NAME`. One whose
 * first revision has never become ready is not among them: it still has to be made.
 *
 * @param state - as `components/stackState.ts` reads it.
 */
export function deployedServices(state: Json): Map<string, DeployedService> {
  // A pipeline is called as its service is.
  const pipelines = new Set(outputsOf(state, pipelineType).map(fullName));
  const ready = outputsOf(state, serviceType).filter(
    ({ latestReadyRevision }) => latestReadyRevision,
  );
  return new Map(
    ready.map((outputs): [string, DeployedService] => {
      const name = fullName(outputs);
      const delivered = { revision: liveRevision(outputs) };
      return [name, { image: imageIn(outputs), ...(pipelines.has(name) && { delivered }) }];
    }),
  );
}

function fullName({ project, location, name }: Properties): string {
  const text = (value: Json = null) => (typeof value === "string" ? value : "");
  return `projects/${text(project)}/locations/${text(location)}/services/${text(name)}`;
}

function imageIn({ template = null }: Properties): string {
  const [container] = listIn(isObject(template) ? template.containers : null);
  return typeof container?.image === "string" ? container.image : "";
}

/** The latest revision has no name where traffic is led to it. */
function liveRevision({ trafficStatuses, latestReadyRevision }: Properties): string | undefined {
  const all = listIn(trafficStatuses).find(({ percent }) => percent === 100);
  const name = all && (all.revision || latestReadyRevision);
  return typeof name === "string" ? name.split("/").at(-1) : undefined;
}

function listIn(value: Json = null): Properties[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
