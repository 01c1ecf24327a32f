import type { EcsSabotage } from "./cloud/ecs/ports.ts";
import type { ProxySabotage } from "./cloud/elb/wire.ts";
import type { RunSabotage } from "./cloud/run/runContext.ts";
import type { Promised } from "./judge/promised.ts";
import type { PromotionSabotage } from "./rolloutHost/sabotaged.ts";
import { storiesNamed } from "./stories/index.ts";
import type { TargetName } from "./targets.ts";

/** One protection that is broken on purpose, and the promise that has to turn red for it. */
export interface Sabotage {
  name: string;
  /** What is broken, for people. */
  breaks: string;
  story: string;
  /** The promise that the story must report as broken. */
  turnsRed: Promised;
  /** Targets whose cloud has no such protection, each with what it has instead. @default none */
  notOn?: Partial<Record<TargetName, string>>;
  /** What is done to the parts. */
  loadBalancer?: ProxySabotage;
  ecs?: EcsSabotage;
  run?: RunSabotage;
  promotion?: PromotionSabotage;
}

export const sabotages: Sabotage[] = [
  {
    name: "gate",
    breaks: "the gate lets every candidate through without asking it",
    story: "rollForward",
    turnsRed: "gate",
    promotion: "skipsGate",
  },
  {
    name: "drain",
    breaks: "a deregistered target's connections are cut at once",
    story: "rollForward",
    turnsRed: "no request lost",
    notOn: { cloudrun: "nobody is drained: a request that has begun goes on" },
    loadBalancer: { deregistrationDelaySeconds: 0 },
  },
  {
    name: "threshold",
    breaks: "neither the cloud nor the gate looks at the health threshold",
    story: "brokenDeploy",
    turnsRed: "outcome",
    loadBalancer: { ignoreHealth: true },
    ecs: { ignoreHealth: true },
    run: { ignoreHealth: true },
    promotion: "ignoresThreshold",
  },
  {
    name: "rollback",
    breaks: "ECS says that it has rolled back, and moves nothing",
    story: "cancelled",
    turnsRed: "outcome",
    notOn: { cloudrun: "nobody but the promotion moves traffic back" },
    ecs: { revertDoesNothing: true },
  },
  {
    name: "calls",
    breaks: "calls between services stay with the tasks that a release has replaced",
    story: "callsBetween",
    turnsRed: "no defective answer",
    notOn: { cloudrun: "a call goes to the callee's own URL, and there to what has its traffic" },
    ecs: { callsStayBehind: true },
  },
  {
    name: "timeout",
    breaks: "a pause that nobody answers lets the release go on",
    story: "runnerKilled",
    turnsRed: "gate",
    ecs: { pauseTimeoutContinues: true },
  },
  {
    name: "alarms",
    breaks: "the promotion takes every alarm for quiet",
    story: "alarmAlreadyFiring",
    turnsRed: "as told",
    promotion: "ignoresAlarms",
  },
  {
    name: "bake",
    breaks: "the promotion sees neither alarms nor errors nor latency",
    story: "canaryRegression",
    turnsRed: "detected in time",
    promotion: "ignoresTraffic",
  },
  {
    name: "minimum",
    breaks: "the promotion judges by however few requests",
    story: "tooFewRequests",
    turnsRed: "outcome",
    promotion: "ignoresMinimum",
  },
  {
    name: "verdict",
    breaks: "the promotion answers the opposite of what it has found",
    story: "rollForward",
    turnsRed: "outcome",
    promotion: "invertsVerdicts",
  },
  {
    name: "notice",
    breaks: "a task takes nothing new any more from SIGTERM on",
    story: "spotInterruption",
    turnsRed: "no request lost",
    ecs: { deafAfterSigterm: true },
  },
  {
    name: "retry",
    breaks: "the promotion takes what it was told once for live ever after",
    story: "cancelled",
    turnsRed: "outcome",
    promotion: "believesItsState",
  },
];

/** Why a sabotage makes no sense on a target; undefined where it does. */
export function reasonAgainst({ story, notOn }: Sabotage, target: TargetName): string | undefined {
  return notOn?.[target] ?? storiesNamed(story).find((it) => it.notOn?.[target])?.notOn?.[target];
}

/** @throws when there is no such sabotage; the error lists the known ones. */
export function sabotagesNamed(name: string): Sabotage[] {
  if (name === "all") return sabotages;
  const found = sabotages.find((sabotage) => sabotage.name === name);
  if (found) return [found];
  const known = sabotages.map((sabotage) => sabotage.name).join(", ");
  throw new Error(`--sabotage ${name}: there is no such sabotage; known are ${known} and all`);
}
