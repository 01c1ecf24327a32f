import type { ByHand } from "../stories/play.ts";
import type { Journal } from "./journal.ts";
import type { CloudRun } from "./run/cloudRun.ts";
import { byRevision, latest, type Service, type TrafficTarget } from "./run/resources.ts";

export interface GoogleByHandArgs {
  run: Pick<CloudRun, "getService" | "updateService" | "waitOperation">;
  journal: Journal;
  /** Full names of the services that the program has made. */
  services: () => string[];
}

/** What somebody does to services of Cloud Run past the program, with the cloud's console; always to the only one. */
export class GoogleByHand implements ByHand {
  readonly #args: GoogleByHandArgs;

  constructor(args: GoogleByHandArgs) {
    this.#args = args;
  }

  /** Leaves what is live so much of the production traffic, in percent, and leads the rest to the newest other revision. */
  async weights(live: number): Promise<void> {
    const service = await this.#find();
    const [first] = heaviestFirst(service);
    const other = shortName(service.latestReadyRevision);
    if (first === undefined || other === undefined || other === first) {
      throw new Error("No other revision is ready: there is nobody to lead traffic to.");
    }
    this.#record(`somebody leads ${100 - live} % of the production traffic to ${other}`);
    await this.#lead(service, [
      { type: byRevision, revision: first, percent: live },
      { type: byRevision, revision: other, percent: 100 - live },
    ]);
  }

  /** Leads all production traffic to a revision, by its short name. */
  async deploy(revision: string): Promise<void> {
    this.#record(`somebody leads all production traffic to ${revision}`);
    const service = await this.#find();
    await this.#lead(service, [{ type: byRevision, revision, percent: 100 }]);
  }

  /** @throws always: Cloud Run counts its instances itself. */
  async desiredCount(): Promise<never> {
    throw new Error("Cloud Run has no number of instances to set: it goes by the requests.");
  }

  /** @throws always: whatever Cloud Run runs on is nobody's to lose. */
  async terminateInstance(): Promise<never> {
    throw new Error("Cloud Run has no instances of a machine that could be lost.");
  }

  /** @throws always: nothing is taken back at a notice. */
  async interruptSpot(): Promise<never> {
    throw new Error("Cloud Run has no Spot: nothing can be taken back.");
  }

  /** Tags stay where they are. */
  async #lead(service: Service, targets: TrafficTarget[]): Promise<void> {
    const tagged = (service.traffic ?? []).filter(({ tag }) => tag);
    const traffic = [...targets, ...tagged.map((target) => ({ ...target, percent: 0 }))];
    const { name } = await this.#args.run.updateService({
      service: { name: service.name, traffic },
      updateMask: "traffic",
    });
    const { error } = await this.#args.run.waitOperation({ name });
    if (error) throw new Error(error.message);
  }

  async #find(): Promise<Service> {
    const [name, ...others] = this.#args.services();
    if (name === undefined || others.length > 0) {
      throw new Error(`One service is needed; the project has ${1 + others.length}.`);
    }
    return this.#args.run.getService({ name });
  }

  #record(what: string): void {
    this.#args.journal.record({ kind: "fault", what });
  }
}

/** Short names of the revisions that have production traffic. */
function heaviestFirst({ traffic = [], latestReadyRevision }: Service): string[] {
  const shares = traffic.map(({ type, revision, percent = 0 }) => ({
    name: type === latest ? shortName(latestReadyRevision) : revision,
    percent,
  }));
  const sorted = shares.toSorted((one, other) => other.percent - one.percent);
  return sorted.flatMap(({ name, percent }) => (name !== undefined && percent > 0 ? [name] : []));
}

function shortName(name: string | undefined): string | undefined {
  return name?.split("/").at(-1);
}
