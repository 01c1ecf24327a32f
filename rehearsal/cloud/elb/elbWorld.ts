import { createHash } from "node:crypto";
import type {
  Listener,
  LoadBalancer,
  Rule,
  TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../awsError.ts";
import { forwardedGroups } from "./actions.ts";
import type { Attributes } from "./attributes.ts";
import { invalid } from "./errors.ts";
import type { TargetState } from "./wire.ts";

export interface LoadBalancerRecord {
  arn: string;
  name: string;
  description: LoadBalancer;
  attributes: Attributes;
  /** The request that made it: the same one again is not an error. */
  request: string;
}

export interface TargetGroupRecord {
  arn: string;
  name: string;
  description: TargetGroup;
  attributes: Attributes;
  /** `ip:port` → target, the draining ones included. */
  targets: Map<string, TargetRecord>;
  request: string;
}

export interface TargetRecord {
  ip: string;
  port: number;
  registration: number;
  registered: boolean;
  state: TargetState;
  reason: string;
  description: string;
}

export interface ListenerRecord {
  arn: string;
  port: number;
  loadBalancer: LoadBalancerRecord;
  description: Listener;
}

export interface RuleRecord {
  arn: string;
  listener: ListenerRecord;
  /** Infinity for the default rule. */
  priority: number;
  description: Rule;
}

export interface Place {
  region: string;
  account: string;
  seed: number;
}

/** Everything that the control plane knows, and how it is found. */
export class ElbWorld {
  readonly loadBalancers = new Map<string, LoadBalancerRecord>();
  readonly targetGroups = new Map<string, TargetGroupRecord>();
  readonly listeners = new Map<string, ListenerRecord>();
  readonly rules = new Map<string, RuleRecord>();
  /** A task's address → where its process really listens. */
  readonly addresses = new Map<string, { port: number; containerPort?: number }>();
  readonly #place: Place;
  readonly #made = new Map<string, number>();

  constructor(place: Place) {
    this.#place = place;
  }

  /**
   * The ARN of a new resource. It follows from the seed, the path and how often that path was made before, not from
   * the order in which different resources are made.
   */
  newArn(path: string): string {
    const count = (this.#made.get(path) ?? 0) + 1;
    this.#made.set(path, count);
    const { region, account, seed } = this.#place;
    const id = createHash("sha256").update(`${seed}/${path}/${count}`).digest("hex").slice(0, 16);
    return `arn:aws:elasticloadbalancing:${region}:${account}:${path}/${id}`;
  }

  loadBalancer(arn: string | undefined): LoadBalancerRecord {
    return found(this.loadBalancers, arn, "LoadBalancerNotFound", "Load balancer");
  }

  targetGroup(arn: string | undefined): TargetGroupRecord {
    return found(this.targetGroups, arn, "TargetGroupNotFound", "Target group");
  }

  listener(arn: string | undefined): ListenerRecord {
    return found(this.listeners, arn, "ListenerNotFound", "Listener");
  }

  rule(arn: string | undefined): RuleRecord {
    return found(this.rules, arn, "RuleNotFound", "Rule");
  }

  /** A listener's rules in the order in which they are tried. */
  rulesOf(listener: ListenerRecord): RuleRecord[] {
    return [...this.rules.values()]
      .filter((rule) => rule.listener === listener)
      .toSorted((a, b) => a.priority - b.priority);
  }

  listenersOf(loadBalancer: LoadBalancerRecord): ListenerRecord[] {
    return [...this.listeners.values()].filter((one) => one.loadBalancer === loadBalancer);
  }

  /** Rules that name a target group, whatever its weight there. */
  rulesNaming(targetGroupArn: string): RuleRecord[] {
    return [...this.rules.values()].filter(({ description }) =>
      forwardedGroups(description.Actions).some(({ arn }) => arn === targetGroupArn),
    );
  }

  /** The load balancer whose rules name a target group; there is one at most. */
  loadBalancerOf(targetGroupArn: string): LoadBalancerRecord | null {
    return this.rulesNaming(targetGroupArn)[0]?.listener.loadBalancer ?? null;
  }
}

function found<T>(records: Map<string, T>, arn: string | undefined, code: string, kind: string): T {
  if (!arn) throw invalid(`${kind} ARN must be given`);
  const record = records.get(arn);
  if (!record) throw new AwsError(code, `${kind} '${arn}' not found`);
  return record;
}

/**
 * Those of the given names, or all when no names are given.
 *
 * @throws AwsError with the code, when one of the names does not exist.
 */
export function named<T extends { name: string }>(
  records: T[],
  names: string[] | undefined,
  code: string,
): T[] {
  if (!names?.length) return records;
  return names.map((name) => {
    const record = records.find((one) => one.name === name);
    if (!record) throw new AwsError(code, `One or more names not found: '${name}'`);
    return record;
  });
}
