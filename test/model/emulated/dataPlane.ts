import type { Alarm, Alarms } from "../../../provider/alarms.ts";
import type { MinuteFigures, TrafficFigures } from "../../../provider/figures.ts";
import type { Probe, ProbeAnswer } from "../../../provider/probe.ts";
import {
  alternate,
  primary,
  productionRule,
  testRule,
} from "../../rehearsal/ecs/support/fakeLoadBalancing.ts";
import type { openWorld } from "../../rehearsal/ecs/support/world.ts";
import type { ReleaseKind } from "../commands.ts";

type World = Awaited<ReturnType<typeof openWorld>>;

/** Healthy answers in a row without which no release may have production traffic. */
const passes = 3;

const minuteMs = 60_000;

/** Names of the alarms of each target group. */
export const alarmOf: Readonly<Record<string, string>> = {
  [primary]: "errors-a",
  [alternate]: "errors-b",
};

/** What clients, probes and CloudWatch see of the emulated service; and an eye on who gets production traffic. */
export class DataPlane {
  readonly violations: string[] = [];
  readonly #world: World;
  readonly #kinds: ReadonlyMap<string, ReleaseKind>;
  /** Healthy answers in a row through the test rule, by release. */
  readonly #healthy = new Map<string, number>();
  readonly #proven = new Set<string>();

  constructor(world: World, kinds: ReadonlyMap<string, ReleaseKind>) {
    this.#world = world;
    this.#kinds = kinds;
    const { loadBalancing } = world;
    const [modifyRule, registerTargets] = [
      loadBalancing.modifyRule.bind(loadBalancing),
      loadBalancing.registerTargets.bind(loadBalancing),
    ];
    loadBalancing.modifyRule = async (input) => {
      await modifyRule(input);
      this.#look();
    };
    loadBalancing.registerTargets = async (input) => {
      await registerTargets(input);
      this.#look();
    };
  }

  /** Somebody answers for it with his name. */
  trust(release: string): void {
    this.#proven.add(release);
  }

  /** Releases that answer production traffic. */
  serving(): string[] {
    return this.#releasesBehind(productionRule);
  }

  readonly probe: Probe = async ({ header }): Promise<ProbeAnswer> => {
    const [release] = this.#releasesBehind(header ? testRule : productionRule);
    if (release === undefined) return { status: 503, error: undefined };
    const isHealthy = this.#kinds.get(release) !== "unhealthy";
    if (header) {
      const inARow = isHealthy ? (this.#healthy.get(release) ?? 0) + 1 : 0;
      this.#healthy.set(release, inARow);
      if (inARow >= passes) this.#proven.add(release);
    }
    return { status: isHealthy ? 200 : 503, release, healthPercentage: isHealthy ? 100 : 60 };
  };

  /** Alarms accuse the regressing releases with an even number. */
  readonly alarms: Alarms = {
    read: async (names) =>
      names.map((name): Alarm => {
        const group = name === alarmOf[primary] ? primary : alternate;
        const accused = this.#regressing(group).some((release) => isEven(release));
        return { name, state: accused ? "ALARM" : "OK", reason: accused ? "12 > 5" : "" };
      }),
  };

  /** Figures accuse those with an odd one. */
  readonly figures: TrafficFigures = {
    read: async (group, fromMs, toMs) => {
      const errors = this.#regressing(group).some((release) => !isEven(release)) ? 40 : 0;
      const minutes: MinuteFigures[] = [];
      for (
        let at = Math.ceil(fromMs / minuteMs) * minuteMs;
        at + minuteMs <= toMs;
        at += minuteMs
      ) {
        minutes.push({ at, requests: 200, errors, latency: { p50: 0.02, p95: 0.05 } });
      }
      return minutes;
    },
  };

  #regressing(group: string): string[] {
    const weight = this.#weights(productionRule).get(group) ?? 0;
    return weight === 0
      ? []
      : this.#releasesIn(group).filter((release) => this.#kinds.get(release) === "regressing");
  }

  #look(): void {
    for (const release of this.serving()) {
      if (this.#proven.has(release)) continue;
      this.violations.push(
        `release ${release} has production traffic, and has not passed its gate`,
      );
    }
  }

  #releasesBehind(rule: string): string[] {
    const groups = [...this.#weights(rule)].filter(([, weight]) => weight > 0);
    return [...new Set(groups.flatMap(([group]) => this.#releasesIn(group)))];
  }

  #weights(rule: string): Map<string, number> {
    const tuples = this.#world.loadBalancing.rules.get(rule)?.[0]?.ForwardConfig?.TargetGroups;
    return new Map(
      (tuples ?? []).map(({ TargetGroupArn = "", Weight = 0 }) => [TargetGroupArn, Weight]),
    );
  }

  #releasesIn(group: string): string[] {
    const { loadBalancing, containers } = this.#world;
    return loadBalancing.registered(group).flatMap((ip) => {
      const port = loadBalancing.addresses.get(ip);
      const container = containers.all.find((one) => one.port === port && one.running);
      return container?.spec.env.RELEASE_ID ?? [];
    });
  }
}

function isEven(release: string): boolean {
  return Number(release.slice(1)) % 2 === 0;
}
