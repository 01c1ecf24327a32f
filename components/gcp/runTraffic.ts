import type * as gcp from "@pulumi/gcp";
import { candidateTag, type LiveRelease } from "../../provider/messages.ts";

/** What the program says of a service's traffic. */
export interface RunTraffic {
  traffics: gcp.types.input.cloudrunv2.ServiceTraffic[];
  /**
   * Whether the traffic is left as it is. Only so for a release that is live: every update of a service carries the
   * traffic that it should have, and that of an older declaration would lead it back.
   */
  ignored: boolean;
}

/** What decides about the traffic. */
export interface TrafficFacts {
  /** Id of the release that should be live. */
  release: string;
  /** Revision that the service is held at. @default a new one */
  pinned?: string | undefined;
  /** What is live, as the promotion recorded it; undefined where nothing has ever been. */
  live: Pick<LiveRelease, "release" | "revision"> | undefined;
}

const latest = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";
const byName = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";

/**
 * The traffic that a service is declared with: all of it stays on what is live, and the candidate has a tag, and so a
 * URL, of its own. Where nothing is live, nobody loses anything by the candidate having all of it, and Cloud Run wants
 * somebody to have it.
 */
export function runTraffic({ release, pinned, live }: TrafficFacts): RunTraffic {
  const candidate = pinned === undefined ? { type: latest } : { type: byName, revision: pinned };
  const tagged = { ...candidate, tag: candidateTag };
  if (live === undefined) return { traffics: [{ ...tagged, percent: 100 }], ignored: false };
  return {
    traffics: [
      { type: byName, revision: live.revision, percent: 100 },
      { ...tagged, percent: 0 },
    ],
    ignored: live.release === release,
  };
}
