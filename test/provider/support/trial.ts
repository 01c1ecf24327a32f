import type { LiveRelease } from "../../../provider/messages.ts";
import { type Promoted, promote } from "../../../provider/promote.ts";
import { FakeClock } from "./fakeClock.ts";
import { FakeCloud } from "./fakeCloud.ts";
import { type EcsPromotionInputs, liveAs, promotionInputs } from "./promotionInputs.ts";

/** One promotion in a cloud in memory, where release aaaa is live. */
export class Trial {
  readonly clock = new FakeClock();
  readonly cloud = new FakeCloud(this.clock);
  readonly cancel = new AbortController();
  /** What was said in lines that stay, and in lines that the next one replaces. */
  readonly announced: string[] = [];
  readonly reported: string[] = [];

  /** What the last promotion left live. */
  expected: LiveRelease | undefined;

  constructor() {
    this.cloud.configuration = "network-1";
    this.cloud.current = liveAs("aaaa");
  }

  async promoted(
    release = "bbbb",
    limitMinutes = 120,
    inputs: EcsPromotionInputs = promotionInputs(release),
  ): Promise<Promoted> {
    const { cloud, clock } = this;
    const reached = await cloud.clouds.ecs(inputs.deployment, { clock, release, live: undefined });
    const deps = {
      ...reached,
      clock,
      probe: cloud.probe,
      by: "ada",
      report: (message: string) => this.reported.push(message),
      announce: (message: string) => this.announced.push(message),
      expected: this.expected,
    };
    return promote(inputs, deps, this.cancel.signal, limitMinutes);
  }
}
