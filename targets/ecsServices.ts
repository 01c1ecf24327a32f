import type * as pulumi from "@pulumi/pulumi";
import { allowCalls } from "../components/aws/callRule.ts";
import { listenerPriorities } from "../components/aws/listenerPriorities.ts";
import { ServiceNamespace } from "../components/aws/serviceNamespace.ts";
import type { Rollout } from "../components/rollout.ts";
import {
  connectedServices,
  isCalled,
  releaseOrder,
  serviceEndpoints,
} from "../components/serviceCalls.ts";
import type { EcsSharedSettings, ServiceSettings } from "../settings.ts";
import { type DeployedOnEcs, deployOnEcs, type EcsPlace } from "./ecsRelease.ts";
import type { ServiceOutputs } from "./target.ts";

interface Member extends DeployedOnEcs {
  service: ServiceSettings;
  /** Lets the service be made, now that it is known what has to be there before. */
  ready: (needed: pulumi.Resource[]) => void;
  live?: { rollout: Rollout; outputs: ServiceOutputs };
}

/**
 * Releases all services of a target on ECS, each on its own but for the order: what is called is live before a caller's
 * tasks start, as a task only ever finds what was there when its deployment began.
 *
 * Services that call one another in a circle have no such order. They are made one after the other, and the promotion
 * of each sees to it that its release is deployed when all that it calls is there.
 *
 * @param name - of the target.
 */
export function releaseServices(
  name: string,
  settings: EcsSharedSettings,
  place: EcsPlace,
  parent: pulumi.Resource,
): Record<string, ServiceOutputs> {
  const services = Object.values(settings.services);
  const priorities = listenerPriorities(services.map(({ path }) => path));
  const connected = connectedServices(services);
  const namespace =
    connected.size > 0 ? new ServiceNamespace(name, { tags: place.tags }, { parent }) : undefined;

  const deploy = (service: ServiceSettings): Member => {
    const places = priorities.get(service.path);
    if (places === undefined) throw new Error(`${service.path} has been given no priority`);
    const { promise: after, resolve: ready } = Promise.withResolvers<pulumi.Resource[]>();
    const calls =
      namespace && connected.has(service.name)
        ? {
            namespace: namespace.arn,
            called: isCalled(service.name, services),
            endpoints: serviceEndpoints(service, services),
            after,
          }
        : undefined;
    return { service, ready, ...deployOnEcs(service, settings, places, place, parent, calls) };
  };

  const members = new Map<string, Member>();
  for (const group of releaseOrder(services)) {
    const earlier = [...members.values()];
    const circle = group.map(deploy);
    for (const member of circle) members.set(member.service.name, member);
    // By name: another order in the settings is no other promotion.
    const calledBy = ({ service }: Member) =>
      service.calls.toSorted().flatMap((called) => members.get(called) ?? []);
    for (const [index, member] of circle.entries()) {
      const called = calledBy(member);
      member.ready([
        ...called.map((other) => allowCalls(end(member), end(other), tagsOf(other, place))),
        ...called
          .filter((other) => earlier.includes(other))
          .flatMap(({ live }) => live?.rollout ?? []),
        ...circle.slice(0, index).map(({ ecsService }) => ecsService.service),
      ]);
    }
    for (const member of circle) {
      member.live = member.goLive(calledBy(member).map(({ ecsService }) => ecsService.arn));
    }
  }
  const outputs = [...members.values()].flatMap(({ service, live }) =>
    live ? [[service.name, live.outputs] as const] : [],
  );
  return Object.fromEntries(outputs);
}

function end({ service, ecsService }: Member) {
  return { name: service.name, ecsService };
}

function tagsOf({ service }: Member, { tags }: EcsPlace) {
  return { ...tags, Service: service.name };
}
