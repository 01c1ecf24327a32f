import type { Candidate, ReleaseStatus } from "../../provider/releaseControl.ts";
import { CannotDo } from "../cannotDo.ts";

/**
 * The release that is on its way forward.
 *
 * @param wish - what can't be done without one, such as `to hold`.
 * @throws CannotDo when nothing is under way, or it goes back already.
 */
export function onItsWay(
  service: string,
  { candidate, live }: ReleaseStatus,
  wish: string,
): Candidate {
  if (!candidate) {
    const standing = live ? `release ${live.release} is live` : "no release is live yet";
    throw new CannotDo(
      `Nothing is under way for ${service}, so there is nothing ${wish}; ${standing}.`,
    );
  }
  if (candidate.isUndone) {
    throw new CannotDo(
      `Release ${candidate.release} of ${service} is being undone already (${candidate.status}), so there is nothing ${wish}.`,
    );
  }
  return candidate;
}
