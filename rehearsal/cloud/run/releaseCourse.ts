import { annotations as notes } from "../../../provider/cloudRun/annotations.ts";
import { readPromotion } from "../../../provider/cloudRun/promotionNote.ts";
import { candidateTag } from "../../../provider/messages.ts";
import type { Journal, Recorded, ReleaseMoment } from "../journal.ts";

interface Revision {
  revision: string;
  release: string;
}

/** Tells from each service's revisions, traffic and annotations how far its releases have come. */
export function tellReleases(journal: Journal): void {
  const courses = new Map<string, ReleaseCourse>();
  journal.subscribe((event) => {
    const service = "service" in event ? event.service : undefined;
    if (service === undefined || event.kind === "release") return;
    let course = courses.get(service);
    if (!course) {
      course = new ReleaseCourse(service, (moment) => journal.record(moment));
      courses.set(service, course);
    }
    course.follow(event);
  });
}

type Told = Extract<Recorded, { kind: "release" }>;
type Tell = (event: Omit<Told, "at" | "realAt">) => void;

/** Follows one service of Cloud Run. */
class ReleaseCourse {
  readonly #service: string;
  readonly #tell: Tell;
  readonly #releases = new Map<string, string>();
  #live: Revision | undefined;
  #candidate: Revision | undefined;
  /** How far the candidate has come; undefined while there is none on its way. */
  #moment: ReleaseMoment | undefined;
  #tagged: string | undefined;
  #weights: Record<string, number> = {};
  /** Revision that somebody promotes. */
  #promoted: string | undefined;

  constructor(service: string, tell: Tell) {
    this.#service = service;
    this.#tell = tell;
  }

  follow(event: Recorded): void {
    if (event.kind === "revision") this.#revision(event);
    else if (event.kind === "annotations") this.#annotated(event.annotations);
    else if (event.kind === "weights" && event.traffic === "test") this.#led(event);
    else if (event.kind === "weights") this.#shifted(event.weights);
  }

  #revision({ revision, release, status }: Extract<Recorded, { kind: "revision" }>): void {
    if (status === "failed" && revision === this.#candidate?.revision) this.#end("undone");
    if (status !== "created") return;
    this.#releases.set(revision, release);
    this.#begin({ revision, release });
  }

  #begin(candidate: Revision): void {
    // Whoever was on its way gives way.
    if (this.#moment !== undefined) this.#end("undone");
    this.#candidate = candidate;
    this.#become("begun");
    this.#askIfGated();
  }

  /** It is at its gate once somebody promotes it, and has a URL to ask it at. */
  #askIfGated(): void {
    const { revision } = this.#candidate ?? {};
    if (this.#moment !== "begun" || revision === undefined) return;
    if (this.#tagged === revision && this.#promoted === revision) this.#become("gate");
  }

  #led({ rule, weights }: Extract<Recorded, { kind: "weights" }>): void {
    if (!rule.endsWith(`/tags/${candidateTag}`)) return;
    this.#tagged = heaviest(weights);
    this.#askIfGated();
  }

  #shifted(weights: Record<string, number>): void {
    const before = this.#share();
    this.#weights = weights;
    const share = this.#share();
    if (this.#moment === undefined) {
      this.#live = this.#known(heaviest(weights));
      return;
    }
    // The first one has the traffic as soon as it is ready: there is nobody else.
    if (this.#live === undefined || share === before) return;
    if (share === 0) this.#end("undone");
    else this.#become(share === 1 ? "bake" : "step");
  }

  /** Once nobody promotes any more, whoever has the traffic is live. */
  #annotated(annotations: Record<string, string>): void {
    const before = this.#promoted;
    const note = readPromotion(annotations[notes.promotion]);
    this.#promoted = note?.revision;
    if (note && note.revision !== this.#candidate?.revision) this.#begin(note);
    else if (note) this.#askIfGated();
    else if (before !== undefined && this.#moment !== undefined) {
      this.#end(this.#share() === 1 ? "live" : "undone");
    }
  }

  #end(moment: "live" | "undone"): void {
    this.#become(moment);
    if (moment === "live") this.#live = this.#candidate;
    this.#candidate = undefined;
    this.#moment = undefined;
  }

  #become(moment: ReleaseMoment): void {
    if (!this.#candidate) return;
    const after = this.#moment ?? null;
    this.#moment = moment;
    const from = this.#live?.release ?? null;
    const { release, revision } = this.#candidate;
    const service = this.#service;
    this.#tell({ kind: "release", service, revision, release, from, moment, after });
  }

  /** The candidate's share of the production traffic, 0 to 1. */
  #share(): number {
    const total = Object.values(this.#weights).reduce((sum, weight) => sum + weight, 0);
    return total === 0 ? 0 : (this.#weights[this.#candidate?.revision ?? ""] ?? 0) / total;
  }

  #known(revision: string | undefined): Revision | undefined {
    const release = revision === undefined ? undefined : this.#releases.get(revision);
    return revision === undefined || release === undefined ? undefined : { revision, release };
  }
}

function heaviest(weights: Record<string, number>): string | undefined {
  return Object.entries(weights).toSorted(([, one], [, other]) => other - one)[0]?.[0];
}
