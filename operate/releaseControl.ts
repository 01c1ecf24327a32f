import type { EcsControl } from "../provider/ecs/ecsControl.ts";
import type { EcsCandidate, EcsSide, EcsStatus } from "../provider/ecs/ecsStatus.ts";

/** A service's release from outside of the promotion that runs it. */
export type ReleaseControl = Pick<
  EcsControl,
  "status" | "hold" | "clearHold" | "promoteNow" | "abortNow"
>;

export type { EcsCandidate as Candidate, EcsSide as Side, EcsStatus as ReleaseStatus };
