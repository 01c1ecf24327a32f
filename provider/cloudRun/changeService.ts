import { CheckFailed } from "../checkFailed.ts";
import type { Clock } from "../clock.ts";
import { abortable } from "../cloudCall.ts";
import { annotations, withoutAnnotations } from "./annotations.ts";
import { changedBy } from "./meddled.ts";
import {
  isConflict,
  type RunApi,
  type RunOperation,
  type RunService,
  type ServicePatch,
  shortName,
  type TrafficTarget,
} from "./runApi.ts";

export type ServiceChange = Pick<ServicePatch, "traffic" | "annotations">;

/** Changes that somebody else may get in first with, before that is an error. */
const mostTries = 20;

/** Seconds of cloud time before the next try. */
const againSeconds = 1;

/**
 * Changes a service as it is now: one that somebody else has changed in the meantime is looked at again.
 *
 * @param change - what is to be different; undefined where nothing is.
 * @returns undefined where nothing was; the change has been accepted then, and may not be done.
 */
export async function changeService(
  api: RunApi,
  name: string,
  change: (service: RunService) => ServiceChange | undefined,
  clock: Clock,
  signal?: AbortSignal,
): Promise<RunOperation | undefined> {
  for (let tries = 1; ; tries += 1) {
    const service = await api.getService({ name }, abortable(signal));
    const wanted = change(service);
    if (!wanted) return undefined;
    try {
      return await api.patchService({ name, etag: service.etag, ...wanted }, abortable(signal));
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (tries >= mostTries) throw contested(name, service);
    }
    await clock.sleep(againSeconds, signal);
  }
}

/** What a promotion leaves behind when it is over. */
const traces = [annotations.promotion, annotations.word];

/** That a promotion is over, and with it another traffic. */
export function withoutTraces(
  service: RunService,
  traffic: readonly TrafficTarget[] | undefined,
): ServiceChange | undefined {
  const isTraced = traces.some((key) => key in service.annotations);
  if (!isTraced && !traffic) return undefined;
  return {
    ...(isTraced && { annotations: withoutAnnotations(service.annotations, traces) }),
    ...(traffic && { traffic }),
  };
}

function contested(name: string, service: RunService): CheckFailed {
  return new CheckFailed(
    "deployment",
    `${shortName(name)} was changed by somebody else each of ${mostTries} times that it was to be changed${changedBy(service)}`,
  );
}
