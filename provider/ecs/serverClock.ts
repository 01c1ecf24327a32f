import type { ECS } from "@aws-sdk/client-ecs";
import { type Clock, systemClock } from "../clock.ts";

/**
 * The time by AWS's own answers: what AWS has dated is compared with it, not with this machine's idea of the time.
 * Until the first answer it is the base's; sleeps always are.
 */
export function serverClock(
  { middlewareStack }: Pick<ECS, "middlewareStack">,
  base: Clock = systemClock,
): Clock {
  let ahead = 0;
  middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const time = Date.parse(dateOf(result.response) ?? "");
      if (!Number.isNaN(time)) ahead = time - base.now();
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
