import { CloudRunController } from "../../../../provider/cloudRun/cloudRunController.ts";
import { noAlarms } from "../../../../provider/cloudRun/noAlarms.ts";
import { allTo, busiest } from "../../../../provider/cloudRun/traffic.ts";
import type { MinuteFigures } from "../../../../provider/figures.ts";
import { candidateTag, type LiveRelease, releaseLabel } from "../../../../provider/messages.ts";
import type { Probe } from "../../../../provider/probe.ts";
import { type Promoted, promote } from "../../../../provider/promote.ts";
import { FakeClock } from "../../support/fakeClock.ts";
import { FakeRun } from "./fakeRun.ts";
import { runInputs } from "./runInputs.ts";

/** One promotion on a Cloud Run in memory. */
export class RunTrial {
  readonly clock = new FakeClock();
  readonly run = new FakeRun(this.clock);
  readonly cancel = new AbortController();
  readonly announced: string[] = [];
  readonly reported: string[] = [];
  /** How healthy each release says it is; 100 where nothing is set. */
  readonly health = new Map<string, number>();
  /** What is measured of each revision's minute. */
  readonly measured = new Map<string, Omit<MinuteFigures, "at">>();
  /** What the last promotion left live. */
  live: LiveRelease | undefined;

  /** A service at rest, with a release that went live. */
  settled(release = "aaaa"): string {
    const revision = this.run.deploy(release, allTo(undefined));
    this.run.byHand({ traffic: [...allTo(revision)], serving: [...allTo(revision)] });
    const configuration = `configuration-${release}`;
    this.live = { release, revision, configuration, since: "2029-01-01T00:00:00.000Z" };
    return revision;
  }

  controller(release = "bbbb", steps: number[] = [100]): CloudRunController {
    const { deployment } = runInputs(release, steps);
    return new CloudRunController({ deployment, release, live: this.live }, this.run, this.clock);
  }

  async promoted(release = "bbbb", steps: number[] = [100]): Promise<Promoted> {
    const deps = {
      controller: this.controller(release, steps),
      alarms: noAlarms,
      figures: { read: this.#read },
      probe: this.#probe,
      clock: this.clock,
      by: "ada",
      report: (message: string) => this.reported.push(message),
      announce: (message: string) => this.announced.push(message),
      expected: this.live,
    };
    return promote(runInputs(release, steps), deps, this.cancel.signal, 240);
  }

  readonly #read = async (revision: string, from: number, to: number) => {
    const minutes: MinuteFigures[] = [];
    const figures = this.measured.get(revision);
    if (!figures) return [];
    for (let at = Math.ceil(from / 60_000) * 60_000; at + 60_000 <= to; at += 60_000) {
      minutes.push({ at, ...figures });
    }
    return minutes;
  };

  /** The candidate's URL goes by the tag, the public one by the traffic. */
  readonly #probe: Probe = async ({ url }, signal) => {
    signal.throwIfAborted();
    const { service } = this.run;
    if (!service) return { error: "connect ECONNREFUSED" };
    const isCandidate = url.includes("candidate---");
    const tagged = service.serving.find(({ tag }) => tag === candidateTag);
    const candidate = tagged && (tagged.revision ?? service.latestReady);
    const revision = isCandidate ? candidate : busiest(service, true);
    const release = this.run.revisions.get(revision ?? "")?.labels[releaseLabel];
    if (release === undefined) return { status: 404 };
    const healthPercentage = this.health.get(release) ?? 100;
    return { status: healthPercentage < 80 ? 503 : 200, release, healthPercentage };
  };
}
