import type {
  Operation,
  Service,
  ServiceInput,
} from "../../../../rehearsal/cloud/run/resources.ts";
import type { Services } from "../../../../rehearsal/providers/services.ts";

/** Keeps what it is sent, as Cloud Run's API does, and runs nothing. */
export class FakeRun implements Pick<Services, "run"> {
  readonly services = new Map<string, Service>();
  /** Bodies of the updates, in order. */
  readonly updates: ServiceInput[] = [];
  /** What the next operation fails with. */
  fault: string | undefined;

  readonly run: Services["run"] = {
    createService: async ({ parent, serviceId, service }) =>
      this.#settle(`${parent}/services/${serviceId}`, service),
    updateService: async ({ service }) => {
      this.updates.push(service);
      return this.#settle(service.name ?? "", service);
    },
    deleteService: async ({ name }) => {
      this.services.delete(name);
      return this.#operation();
    },
    listServices: async () => ({ services: [...this.services.values()] }),
    waitOperation: async () => this.#operation(),
    inventory: () => [...this.services.keys()],
  };

  #settle(name: string, input: ServiceInput): Operation {
    const at = "2026-01-01T00:00:00Z";
    const condition = {
      type: "Ready",
      state: "CONDITION_SUCCEEDED",
      lastTransitionTime: at,
    } as const;
    const before = this.services.get(name);
    const generation = String(Number(before?.generation ?? 0) + 1);
    const revision = `${name}/revisions/r-${generation}`;
    const ready = this.fault === undefined ? revision : before?.latestReadyRevision;
    this.services.set(name, {
      ...input,
      name,
      uid: "uid-1",
      generation,
      createTime: at,
      updateTime: at,
      creator: "somebody",
      lastModifier: "somebody",
      terminalCondition: condition,
      conditions: [],
      ...(ready && { latestReadyRevision: ready }),
      trafficStatuses: (input.traffic ?? []).map((target) => ({
        ...target,
        ...(target.tag && { uri: "http://127.0.0.1:2" }),
      })),
      uri: "http://127.0.0.1:1",
      etag: `"${generation}"`,
    });
    return this.#operation();
  }

  #operation(): Operation {
    const error = this.fault === undefined ? {} : { error: { code: 9, message: this.fault } };
    return { name: "operations/1", metadata: {}, done: true, ...error };
  }
}
