import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { candidateTag } from "../../provider/messages.ts";
import { gateInputs } from "../healthChecks.ts";
import type { HealthSpec } from "../healthSpec.ts";
import type { GatePlan } from "../rolloutPlan.ts";

export interface DeliveryGateArgs {
  health: HealthSpec;
  gate: GatePlan;
  /** Path of the health endpoint, below the service's prefix. */
  healthPath: string;
  /** URL of the Cloud Run service, without a trailing slash. */
  url: pulumi.Output<string>;
  /** Whether the service lets nobody in without an identity token. */
  isPrivate: boolean;
}

/** A task that Cloud Deploy runs to verify a phase. */
export interface DeliveryGate {
  image: string;
  commands: string[];
  args: string[];
  env: Record<string, pulumi.Input<string>>;
}

/** Any image with Python: the program needs its standard library alone. */
const image = "python:3.13-slim";

/**
 * The gate's questions as a container, because Cloud Deploy asks none of its own: the same path, threshold, number in a
 * row and deadline as on every target, put to the revision that has the candidate's tag.
 */
export function deliveryGate({
  health,
  gate,
  healthPath,
  url,
  isPrivate,
}: DeliveryGateArgs): DeliveryGate {
  const asked = gateInputs(health, gate);
  return {
    image,
    commands: ["python3", "-c"],
    args: [readFileSync(join(import.meta.dirname, "deliveryGate.py"), "utf8")],
    env: {
      CANDIDATE_URL: url.apply(candidateUrl),
      HEALTH_PATH: healthPath,
      THRESHOLD_PERCENT: String(asked.thresholdPercent),
      CONSECUTIVE_PASSES: String(asked.consecutivePasses),
      INTERVAL_SECONDS: String(asked.intervalSeconds),
      TIMEOUT_SECONDS: String(asked.timeoutSeconds),
      DEADLINE_MINUTES: String(asked.deadlineMinutes),
      // A tag's URL is no audience of its own; the service's is.
      ...(isPrivate && { AUDIENCE: url }),
    },
  };
}

/** A tag stands before the host name of the service. */
function candidateUrl(url: string): string {
  return url.replace("https://", `https://${candidateTag}---`);
}
