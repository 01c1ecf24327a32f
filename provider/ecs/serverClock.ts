import type { ECS } from "@aws-sdk/client-ecs";
import { type Clock, systemClock } from "../clock.ts";
import { datedClock } from "../datedClock.ts";

/**
 * The time by AWS's own answers.
 *
 * @param toleranceSeconds - by how much the base may be wrong. Default: not at all.
 */
export function serverClock(
  { middlewareStack }: Pick<ECS, "middlewareStack">,
  base: Clock = systemClock,
  toleranceSeconds = 0,
): Clock {
  const clock = datedClock(base, toleranceSeconds);
  middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      clock.dated(dateOf(result.response));
      return result;
    },
    { step: "deserialize", name: "serverClock", override: true },
  );
  return clock;
}

/** The SDK leaves open what carries an answer. */
function dateOf(response: unknown): string | undefined {
  if (typeof response !== "object" || response === null || !("headers" in response)) {
    return undefined;
  }
  const { headers } = response;
  if (typeof headers !== "object" || headers === null || !("date" in headers)) return undefined;
  return typeof headers.date === "string" ? headers.date : undefined;
}
