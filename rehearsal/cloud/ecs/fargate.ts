import type { FargateProvider } from "./capacityProviders.ts";
import { nextShare } from "./nextShare.ts";
import type { EcsContext, Subnet } from "./ports.ts";

export interface FargateRequest {
  task: string;
  /** `ecs-svc/…`: the deployment that starts it. */
  deployment: string;
  providers: readonly FargateProvider[];
  subnets: readonly Subnet[];
}

export interface FargatePlace {
  availabilityZone: string;
  provider: string;
}

/** AWS Fargate: a machine of its own for every task, in whichever zone has the fewest of them. */
export class Fargate {
  readonly #context: Pick<EcsContext, "clock" | "limits">;
  readonly #taken = new Map<string, FargatePlace & { deployment: string }>();

  constructor(context: Pick<EcsContext, "clock" | "limits">) {
    this.#context = context;
  }

  /** Resolves when the task has its machine, which is its own until {@link release}. */
  async place(request: FargateRequest, signal: AbortSignal): Promise<FargatePlace> {
    const { clock, limits } = this.#context;
    const { task, deployment, providers, subnets } = request;
    const own = [...this.#taken.values()].filter((it) => it.deployment === deployment);
    const provider = nextShare(providers, counted(own.map((it) => it.provider)));
    const used = counted(own.map((it) => it.availabilityZone));
    const [zone] = subnets
      .map(({ availabilityZone }) => availabilityZone)
      .toSorted((a, b) => (used[a] ?? 0) - (used[b] ?? 0));
    if (!provider || zone === undefined) throw new Error("no capacity provider, or no subnet");
    const place = { availabilityZone: zone, provider: provider.name };
    this.#taken.set(task, { ...place, deployment });
    await clock.sleep(limits.fargateSeconds, signal);
    return place;
  }

  release(task: string): void {
    this.#taken.delete(task);
  }
}

function counted(names: string[]): Record<string, number> {
  const groups = Object.entries(Object.groupBy(names, (name) => name));
  return Object.fromEntries(groups.map(([name, all = []]) => [name, all.length]));
}
