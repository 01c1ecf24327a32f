import type { EmulatedCloud } from "../cloud/emulatedCloud.ts";
import { type Load, startLoad } from "../load/loadGenerator.ts";
import type { LoadReport } from "../load/loadReport.ts";
import type { LoadMix } from "../load/schedule.ts";
import type { Expectation, LoadedService, LoadSnapshot } from "../load/wire.ts";
import type { Processes } from "../processes/processes.ts";
import type { Traffic } from "../stories/play.ts";
import type { StackState } from "./stackState.ts";
import { Stuck } from "./stuck.ts";

export interface StageTrafficArgs {
  processes: Processes;
  cloud: Pick<EmulatedCloud, "journal" | "drainSeconds" | "isDraining">;
  state: StackState;
  seed: number;
  speed: number;
  signal: AbortSignal;
  services: () => Promise<LoadedService[]>;
  onSnapshot: (snapshot: LoadSnapshot) => void;
}

/**
 * A long request is kept open for this share of the time that a drain lasts: long enough to be in flight across a
 * shift and a drain, short enough that the cloud lets it end.
 */
const longShare = 0.6;

/** Held uploads end after this share of it. */
const drainShare = 0.5;

const token = "is-there-an-echo";

/** What a platform without an echo is asked for: the first of these that it knows. */
const plainPaths = ["/", "/version", "/health"];

/** One story's load. */
export class StageTraffic implements Traffic {
  /** What became of it, once it has stopped. */
  report: LoadReport | null = null;
  readonly #args: StageTrafficArgs;
  #load: Load | undefined;

  constructor(args: StageTrafficArgs) {
    this.#args = args;
  }

  async startLoad(mix?: Partial<LoadMix>): Promise<void> {
    const { processes, seed, speed, signal } = this.#args;
    const services = await this.#args.services();
    const [first] = services;
    if (!first) throw new Stuck("there is no URL to send load to: no release is live");
    signal.throwIfAborted();
    const expect = await expectationAt(first.url);
    this.#load = await startLoad({
      processes,
      services,
      mix,
      seed,
      speed,
      expect,
      longRequestSeconds: (longShare * (await this.#drainSeconds())) / speed,
    });
    this.#load.onSnapshot(this.#args.onSnapshot);
  }

  async requests(count: number): Promise<void> {
    await this.#running().answered(count);
  }

  async moreRequests(count: number): Promise<void> {
    const load = this.#running();
    await load.answered(load.snapshot().total + count);
  }

  async holdIntoDrain(uploads: number): Promise<void> {
    const { speed, cloud } = this.#args;
    const load = this.#running();
    await load.hold(uploads);
    const intoDrainMs = (drainShare * 1000 * (await this.#drainSeconds())) / speed;
    const unsubscribe = cloud.journal.subscribe((event) => {
      if (!cloud.isDraining(event)) return;
      unsubscribe();
      setTimeout(() => load.letGo(), intoDrainMs).unref();
    });
  }

  /** Does nothing when none is running. */
  async stopLoad(): Promise<void> {
    const load = this.#load;
    if (!load) return;
    this.#load = undefined;
    this.report = await load.stop();
  }

  async #drainSeconds(): Promise<number> {
    const { cloud, state } = this.#args;
    return cloud.drainSeconds((await state.export()).resources);
  }

  #running(): Load {
    if (this.#load) return this.#load;
    throw new Error("The story asks for requests, and no load is running.");
  }
}

/** The echo of the reference platform, where there is one; else a path that answers. */
async function expectationAt(url: string): Promise<Expectation> {
  const echo = await answerTo(`${url}/api/echo?n=${token}`);
  // Nobody there: the load will tell.
  if (echo === undefined || (echo.ok && echo.text.includes(token))) return { kind: "echo" };
  for (const path of plainPaths) {
    if ((await answerTo(`${url}${path}`))?.ok) return { kind: "path", path };
  }
  return { kind: "path", path: "/" };
}

async function answerTo(url: string): Promise<{ ok: boolean; text: string } | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) });
    return { ok: answer.ok, text: await answer.text() };
  } catch {
    return undefined;
  }
}
