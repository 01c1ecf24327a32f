import { groupName, type Shares } from "./trafficRule.ts";

/** What of a service somebody could have changed by hand. */
export interface Standing {
  /** Name of the service. */
  service: string;
  /** ARN of the production rule. */
  rule: string;
  /** Undefined where the rule does not exist. */
  shares: Shares | undefined;
  /** ARN of the target group of what is live; undefined where nothing is. */
  liveGroup: string | undefined;
  /** How many tasks the service wants. */
  desired: number | undefined;
  tasks: { min: number; max: number };
}

/** The two things that can be put back, each by itself. */
export interface Drift {
  kind: "traffic" | "tasks";
  /** What it is, what it should be, and how to put it back. */
  text: string;
}

/** What is not as the last promotion left it, of a service at rest. */
export function driftOf(standing: Standing): Drift[] {
  return [trafficDrift(standing), tasksDrift(standing)].filter((drift) => drift !== undefined);
}

function trafficDrift({ service, rule, shares, liveGroup }: Standing): Drift | undefined {
  if (liveGroup === undefined) return undefined;
  const wanted = `should be ${groupName(liveGroup)} 100 %, which is what ECS has live`;
  if (shares === undefined) {
    return {
      kind: "traffic",
      text: `production traffic of ${service}: rule ${rule} does not exist, ${wanted}; "pulumi up --refresh" makes it again`,
    };
  }
  if (shares.get(liveGroup) === 100) return undefined;
  return {
    kind: "traffic",
    text: `production traffic of ${service}: is ${nameShares(shares)}, ${wanted}; "pulumi up --refresh" puts it back`,
  };
}

function tasksDrift({ service, desired, tasks: { min, max } }: Standing): Drift | undefined {
  if (desired === undefined || (desired >= min && desired <= max)) return undefined;
  return {
    kind: "tasks",
    text: `number of tasks of ${service}: is ${desired}, should be ${min} to ${max}, the limits of its scaling; "pulumi up --refresh" puts it back`,
  };
}

function nameShares(shares: Shares): string {
  const serving = [...shares].filter(([, percent]) => percent > 0);
  if (serving.length === 0) return "forwarded to nobody";
  return serving.map(([arn, percent]) => `${groupName(arn)} ${percent} %`).join(", ");
}
