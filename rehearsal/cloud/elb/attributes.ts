import { invalid, notRehearsed, within } from "./errors.ts";

export interface Attribute {
  Key?: string;
  Value?: string;
}

interface AttributeRule {
  default: string;
  /** @throws AwsError for a value that the API refuses or the rehearsal can't do. */
  check(key: string, value: string): void;
}

export type AttributeTable = Record<string, AttributeRule>;

/** Attributes of an Application Load Balancer (ELBv2: LoadBalancerAttribute). */
export const loadBalancerAttributes: AttributeTable = {
  "access_logs.s3.bucket": text(""),
  "access_logs.s3.enabled": flag("false"),
  "access_logs.s3.prefix": text(""),
  "client_keep_alive.seconds": number(3600, 60, 604_800),
  "connection_logs.s3.bucket": text(""),
  "connection_logs.s3.enabled": flag("false"),
  "connection_logs.s3.prefix": text(""),
  "deletion_protection.enabled": flag("false"),
  "health_check_logs.s3.bucket": text(""),
  "health_check_logs.s3.enabled": flag("false"),
  "health_check_logs.s3.prefix": text(""),
  "idle_timeout.timeout_seconds": number(60, 1, 4000),
  "ipv6.deny_all_igw_traffic": flag("false"),
  "load_balancing.cross_zone.enabled": oneOf("true", ["true"]),
  "routing.http.desync_mitigation_mode": oneOf("defensive", ["monitor", "defensive", "strictest"]),
  "routing.http.drop_invalid_header_fields.enabled": flag("false"),
  "routing.http.preserve_host_header.enabled": flag("false"),
  "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": only("false"),
  "routing.http.xff_client_port.enabled": only("false"),
  "routing.http.xff_header_processing.mode": oneOf("append", ["append", "preserve", "remove"]),
  "routing.http2.enabled": flag("true"),
  "waf.fail_open.enabled": flag("false"),
  "zonal_shift.config.enabled": flag("false"),
};

/** Attributes of a target group of an Application Load Balancer (ELBv2: TargetGroupAttribute). */
export const targetGroupAttributes: AttributeTable = {
  "deregistration_delay.timeout_seconds": number(300, 0, 3600),
  "load_balancing.algorithm.anomaly_mitigation": only("off"),
  "load_balancing.algorithm.type": {
    default: "round_robin",
    check(key, value) {
      if (value === "weighted_random") refuse(key, value, ["round_robin"]);
      oneOf("", ["round_robin", "least_outstanding_requests"]).check(key, value);
    },
  },
  "load_balancing.cross_zone.enabled": oneOf("use_load_balancer_configuration", [
    "true",
    "false",
    "use_load_balancer_configuration",
  ]),
  "slow_start.duration_seconds": only("0"),
  "stickiness.app_cookie.cookie_name": text(""),
  "stickiness.app_cookie.duration_seconds": number(86_400, 1, 604_800),
  "stickiness.enabled": flag("false"),
  "stickiness.lb_cookie.duration_seconds": number(86_400, 1, 604_800),
  "stickiness.type": only("lb_cookie"),
  "target_group_health.dns_failover.minimum_healthy_targets.count": text("1"),
  "target_group_health.dns_failover.minimum_healthy_targets.percentage": text("off"),
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": only("1"),
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": only("off"),
};

/** The attributes of one resource. */
export class Attributes {
  readonly #table: AttributeTable;
  readonly #values = new Map<string, string>();

  constructor(table: AttributeTable) {
    this.#table = table;
  }

  /**
   * Sets all of them, or none.
   *
   * @throws AwsError ValidationError for an unknown key or a refused value, NotRehearsed for what the proxy can't do.
   */
  set(attributes: Attribute[]): void {
    for (const { Key: key = "", Value: value = "" } of attributes) {
      const rule = this.#table[key];
      if (!rule) {
        throw invalid(
          `Attribute key '${key}' is not recognized; known are ${Object.keys(this.#table).join(", ")}`,
        );
      }
      rule.check(key, value);
    }
    for (const { Key = "", Value = "" } of attributes) this.#values.set(Key, Value);
  }

  get(key: string): string {
    return this.#values.get(key) ?? this.#table[key]?.default ?? "";
  }

  list(): Required<Attribute>[] {
    return Object.keys(this.#table).map((key) => ({ Key: key, Value: this.get(key) }));
  }
}

function text(value: string): AttributeRule {
  return { default: value, check: () => {} };
}

function flag(value: "true" | "false"): AttributeRule {
  return oneOf(value, ["true", "false"]);
}

function number(value: number, from: number, to: number): AttributeRule {
  return {
    default: String(value),
    check: (key, given) => void within(key, given === "" ? Number.NaN : Number(given), from, to),
  };
}

function oneOf(value: string, allowed: string[]): AttributeRule {
  return {
    default: value,
    check(key, given) {
      if (!allowed.includes(given)) {
        throw invalid(`Attribute '${key}' can't be '${given}'; allowed are ${allowed.join(", ")}`);
      }
    },
  };
}

/** The proxy can do no other value. */
function only(value: string): AttributeRule {
  return {
    default: value,
    check(key, given) {
      if (given !== value) refuse(key, given, [value]);
    },
  };
}

function refuse(key: string, value: string, rehearsed: string[]): never {
  throw notRehearsed(`Attribute '${key}' = '${value}'`, `leave it at ${rehearsed.join(" or ")}`);
}
