import { isProperties, type Properties, type Property } from "../properties.ts";
import { object, objects } from "../values.ts";

/** Names that the provider writes in the plural where the API has one field. */
const fields: Record<string, string> = {
  envs: "env",
  commands: "command",
  dependsOns: "dependsOn",
};

/**
 * A service's inputs as the body of the API. What is not set is left out: a PATCH without a mask takes that away.
 *
 * @param annotations - all that the service has to have; those of others among them.
 */
export function serviceBody(inputs: Properties, annotations: Properties): Properties {
  return withoutEmpty({
    description: inputs.description,
    labels: inputs.labels,
    annotations,
    ingress: inputs.ingress,
    launchStage: inputs.launchStage,
    customAudiences: inputs.customAudiences,
    invokerIamDisabled: inputs.invokerIamDisabled,
    defaultUriDisabled: inputs.defaultUriDisabled,
    scaling: inputs.scaling,
    template: templateBody(object(inputs.template) ?? {}),
    traffic: objects(inputs.traffics).map((target) => withoutEmpty({ ...target })),
  });
}

function templateBody({ containers, ...template }: Properties): Properties {
  return withoutEmpty({ ...template, containers: objects(containers).map(containerBody) });
}

/** Of a container's ports the provider takes one, the API a list. */
function containerBody({ ports, ...container }: Properties): Properties {
  const named = Object.entries(container).map(([name, value]) => [fields[name] ?? name, value]);
  const port = object(ports);
  return withoutEmpty({
    ...Object.fromEntries(named),
    ...(port && { ports: [withoutEmpty(port)] }),
  });
}

/** What a service says of itself, as the provider's outputs. */
export function serviceOutputs(service: Properties): Properties {
  const { terminalCondition, conditions, annotations, labels } = service;
  return {
    name: String(service.name).split("/").at(-1),
    uid: service.uid ?? "",
    uri: service.uri ?? "",
    urls: service.urls ?? [],
    etag: service.etag ?? "",
    generation: service.generation ?? "",
    observedGeneration: service.observedGeneration ?? "",
    createTime: service.createTime ?? "",
    updateTime: service.updateTime ?? "",
    deleteTime: service.deleteTime ?? "",
    expireTime: service.expireTime ?? "",
    creator: service.creator ?? "",
    lastModifier: service.lastModifier ?? "",
    reconciling: service.reconciling ?? false,
    terminalConditions: isProperties(terminalCondition) ? [terminalCondition] : [],
    conditions: conditions ?? [],
    latestReadyRevision: service.latestReadyRevision ?? "",
    latestCreatedRevision: service.latestCreatedRevision ?? "",
    trafficStatuses: objects(service.trafficStatuses).map((status) => ({ ...status })),
    effectiveAnnotations: annotations ?? {},
    effectiveLabels: labels ?? {},
  };
}

/** What of a service can be changed past the program, in the shape of its inputs. */
export function serviceDrift(service: Properties): Properties {
  return {
    ingress: service.ingress,
    traffics: objects(service.traffic).map((target) => ({
      ...target,
      percent: target.percent ?? 0,
    })),
  };
}

function withoutEmpty(values: Properties): Properties {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isEmpty(value)));
}

/** The provider leaves empty lists and maps out of a body; a percentage of 0, and `false`, are values. */
function isEmpty(value: Property | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isProperties(value) && Object.keys(value).length === 0;
}
