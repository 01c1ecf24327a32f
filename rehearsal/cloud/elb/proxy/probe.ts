import { get } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { ProxyHealthCheck } from "../wire.ts";

export interface ProbeResult {
  passed: boolean;
  /** Reason code as DescribeTargetHealth gives it; empty when passed. */
  reason: "" | "Target.ResponseCodeMismatch" | "Target.Timeout" | "Target.FailedHealthChecks";
  description: string;
}

const passed: ProbeResult = { passed: true, reason: "", description: "" };

/**
 * One health check over a connection of its own.
 *
 * @param port - loopback port, or null where no machine is: the address does not answer, and nothing real is waited
 *   for, so the time-out runs on the cloud's clock.
 * @param speed - cloud seconds per real second.
 */
export async function probe(
  port: number | null,
  check: ProxyHealthCheck,
  speed: number,
): Promise<ProbeResult> {
  if (port === null) return await wait((check.timeoutSeconds * 1000) / speed, timedOut);
  return await new Promise((resolve) => {
    const headers = { "user-agent": "ELB-HealthChecker/2.0", connection: "close" };
    const request = get({ host: "127.0.0.1", port, path: check.path, headers, agent: false });
    const timer = setTimeout(() => end(timedOut), check.timeoutSeconds * 1000);
    request.on("response", (response) => {
      const status = response.statusCode ?? 0;
      response.resume();
      response.on("end", () => end(judge(status, check.matcher)));
      response.on("error", () => end(failed));
    });
    request.on("error", () => end(failed));

    function end(result: ProbeResult) {
      clearTimeout(timer);
      request.destroy();
      resolve(result);
    }
  });
}

function judge(status: number, matcher: ProxyHealthCheck["matcher"]): ProbeResult {
  if (matcher.some(([from, to]) => status >= from && status <= to)) return passed;
  return {
    passed: false,
    reason: "Target.ResponseCodeMismatch",
    description: `Health checks failed with these codes: [${status}]`,
  };
}

const timedOut: ProbeResult = {
  passed: false,
  reason: "Target.Timeout",
  description: "Request timed out",
};

const failed: ProbeResult = {
  passed: false,
  reason: "Target.FailedHealthChecks",
  description: "Health checks failed",
};
