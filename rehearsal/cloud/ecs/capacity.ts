import type { FargateProvider, InstanceProvider, Provider } from "./capacityProviders.ts";
import { Fargate } from "./fargate.ts";
import {
  choosePlacement,
  freeOf,
  instancesNeeded,
  type PlacementQuestion,
  type Reservation,
} from "./placement.ts";
import type { EcsContext } from "./ports.ts";

export interface PlacementRequest extends PlacementQuestion {
  task: string;
  cluster: string;
  /** `ecs-svc/…`: the deployment that starts it. */
  deployment: string;
  /** In the order of the service's strategy. */
  providers: readonly Provider[];
  /** Told once while the task can't be placed and no instance will come. */
  onUnplaceable: (message: string) => void;
}

export interface Place {
  availabilityZone: string;
  provider: string;
  /** Undefined on Fargate. */
  instanceId?: string;
}

interface InstanceRequest extends PlacementRequest {
  providers: readonly InstanceProvider[];
}

interface Waiting {
  request: InstanceRequest;
  told: boolean;
  resolve: (place: Place) => void;
}

/** Places tasks on Fargate, or on instances, whose number follows the tasks: managed scaling. */
export class Capacity {
  readonly #context: EcsContext;
  readonly #fargate: Fargate;
  readonly #reservations: Reservation[] = [];
  readonly #waiting = new Set<Waiting>();
  readonly #scaling = new Set<string>();
  readonly #watched = new Set<string>();
  readonly #unsubscribe: () => void;
  #placing = false;

  constructor(context: EcsContext) {
    this.#context = context;
    this.#fargate = new Fargate(context);
    this.#unsubscribe = context.autoScaling.onChange(() => this.#placeSoon());
  }

  /** Resolves when there is room for the task; it stays reserved until {@link release}. */
  place(request: PlacementRequest, signal: AbortSignal): Promise<Place> {
    const fargate = request.providers.filter(isFargate);
    if (fargate.length > 0) return this.#fargate.place({ ...request, providers: fargate }, signal);
    return this.#placeOnInstance(
      { ...request, providers: request.providers.filter(hasInstances) },
      signal,
    );
  }

  #placeOnInstance(request: InstanceRequest, signal: AbortSignal): Promise<Place> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const place = this.#tryPlace(request);
      if (place) return resolve(place);
      const abort = () => {
        this.#waiting.delete(waiting);
        reject(signal.reason);
      };
      const waiting: Waiting = {
        request,
        told: false,
        resolve: (found) => {
          signal.removeEventListener("abort", abort);
          resolve(found);
        },
      };
      this.#waiting.add(waiting);
      signal.addEventListener("abort", abort, { once: true });
      for (const provider of request.providers) this.#scaleOut(provider);
    });
  }

  release(task: string): void {
    this.#fargate.release(task);
    const index = this.#reservations.findIndex((reservation) => reservation.task === task);
    if (index >= 0) this.#reservations.splice(index, 1);
    this.#placeSoon();
  }

  /** Lets instances go that have been empty for long, as far as the provider's managed scaling is on. */
  watch(provider: Provider): void {
    if (!hasInstances(provider) || provider.managedScaling.status !== "ENABLED") return;
    if (this.#watched.has(provider.name)) return;
    this.#watched.add(provider.name);
    this.#scaleIn(provider)
      .catch(() => undefined)
      .finally(() => this.#watched.delete(provider.name));
  }

  close(): void {
    this.#unsubscribe();
    this.#waiting.clear();
  }

  #tryPlace(request: InstanceRequest): Place | undefined {
    for (const provider of request.providers) {
      const instances = this.#context.autoScaling
        .instances(provider.autoScalingGroupArn)
        .filter((instance) => instance.clusterName === request.cluster);
      const instance = choosePlacement(request, instances, this.#reservations);
      if (!instance) continue;
      const { task, service, cpu, memory } = request;
      this.#reservations.push({ task, service, cpu, memory, instanceId: instance.instanceId });
      const { instanceId, availabilityZone } = instance;
      return { instanceId, availabilityZone, provider: provider.name };
    }
    return undefined;
  }

  /** In rounds, so that instances that come together are all there when tasks are spread over them. */
  #placeSoon(): void {
    if (this.#placing || this.#waiting.size === 0) return;
    this.#placing = true;
    const { clock, signal } = this.#context;
    clock.sleep(1, signal).then(
      () => {
        this.#placing = false;
        this.#placeWaiting();
      },
      () => undefined,
    );
  }

  #placeWaiting(): void {
    for (const waiting of this.#waiting) {
      const place = this.#tryPlace(waiting.request);
      if (!place) continue;
      this.#waiting.delete(waiting);
      waiting.resolve(place);
    }
  }

  /** One evaluation at a time and group; goes on while tasks wait for it. */
  #scaleOut(provider: InstanceProvider): void {
    if (this.#scaling.has(provider.name)) return;
    this.#scaling.add(provider.name);
    this.#evaluate(provider)
      .catch(() => undefined)
      .finally(() => this.#scaling.delete(provider.name));
  }

  async #evaluate(provider: InstanceProvider): Promise<void> {
    const { clock, autoScaling, limits, signal } = this.#context;
    const { managedScaling, autoScalingGroupArn } = provider;
    const { instanceWarmupPeriod = 300, maximumScalingStepSize = 10_000 } = managedScaling;
    while (!signal.aborted) {
      await clock.sleep(limits.scaleOutSeconds, signal);
      const waiting = [...this.#waiting].filter(({ request }) =>
        request.providers.some(({ name }) => name === provider.name),
      );
      if (waiting.length === 0) return;
      const group = autoScaling.group(autoScalingGroupArn);
      if (!group) return;
      const instances = autoScaling.instances(autoScalingGroupArn);
      const usable = instances.filter((one) => one.clusterName === waiting[0]?.request.cluster);
      const needed = instancesNeeded(
        waiting.map(({ request }) => request),
        usable.map((instance) => freeOf(instance, this.#reservations)),
        group.instanceType,
      );
      const booting = instances.some((instance) => !instance.active);
      if (needed === 0 && booting) continue;
      const scales = managedScaling.status === "ENABLED";
      if (!scales || needed === 0 || group.desiredCapacity >= group.maxSize) {
        for (const one of waiting) tell(one, group.maxSize);
        continue;
      }
      const youngest = Math.max(0, ...instances.map((instance) => instance.launchedAt));
      if (clock.now() - youngest < instanceWarmupPeriod * 1000) continue;
      // From nothing ECS always starts two.
      const step = Math.max(
        needed,
        instances.length === 0 ? 2 : 0,
        managedScaling.minimumScalingStepSize ?? 1,
      );
      autoScaling.setDesired(
        autoScalingGroupArn,
        group.desiredCapacity + Math.min(step, maximumScalingStepSize),
      );
    }
  }

  async #scaleIn(provider: InstanceProvider): Promise<void> {
    const { clock, autoScaling, limits, signal } = this.#context;
    const emptySince = new Map<string, number>();
    // One point a minute is all that the metric has.
    while (!signal.aborted && autoScaling.group(provider.autoScalingGroupArn)) {
      await clock.sleep(60, signal);
      const instances = autoScaling.instances(provider.autoScalingGroupArn);
      for (const { instanceId, active } of instances) {
        const used = this.#reservations.some((one) => one.instanceId === instanceId);
        if (used || !active) emptySince.delete(instanceId);
        else if (!emptySince.has(instanceId)) emptySince.set(instanceId, clock.now());
      }
      const group = autoScaling.group(provider.autoScalingGroupArn);
      if (!group || this.#waiting.size > 0 || group.desiredCapacity <= group.minSize) continue;
      const goes = instances.find(({ instanceId }) => {
        const since = emptySince.get(instanceId);
        return since !== undefined && clock.now() - since >= limits.scaleInSeconds * 1000;
      });
      if (!goes) continue;
      emptySince.delete(goes.instanceId);
      autoScaling.removeInstance(goes.instanceId);
    }
  }
}

function isFargate(provider: Provider): provider is FargateProvider {
  return provider.kind === "fargate";
}

function hasInstances(provider: Provider): provider is InstanceProvider {
  return provider.kind === "instances";
}

function tell(waiting: Waiting, maxSize: number): void {
  if (waiting.told) return;
  waiting.told = true;
  waiting.request.onUnplaceable(
    "was unable to place a task because no container instance met all of its requirements: " +
      `${waiting.request.cpu} CPU units, ${waiting.request.memory} MiB and a network interface of its own. ` +
      `The capacity provider's group has at most ${maxSize} instances.`,
  );
}
