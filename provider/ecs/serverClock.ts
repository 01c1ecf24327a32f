import type { ECS } from "@aws-sdk/client-ecs";
import { type Clock, systemClock } from "../clock.ts";

/**
 * The time by AWS's own answers: what AWS has dated is compared with it, not with this machine's idea of the time.
 * Until the first answer it is the base's; sleeps always are.
 *
 * @param toleranceSeconds - by how much the base may be wrong: AWS dates to the second, and answers take their time.
 *   Default: not at all.
 */
export function serverClock(
  { middlewareStack }: Pick<ECS, "middlewareStack">,
  base: Clock = systemClock,
  toleranceSeconds = 0,
): Clock {
  let ahead = 0;
  middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const time = Date.parse(dateOf(result.response) ?? "");
      const difference = time - base.now();
      if (Math.abs(difference) >= toleranceSeconds * 1000) ahead = difference;
      else if (!Number.isNaN(time)) ahead = 0;
      return result;
    },
    { step: "deserialize", name: "serverClock", override: true },
  );
  return {
    now: () => base.now() + ahead,
    sleep: (seconds, signal) => base.sleep(seconds, signal),
  };
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
