import { candidateTag } from "../../provider/messages.ts";
import type { Recorded, ReleaseMoment } from "../cloud/journal.ts";
import { serviceOf } from "../cloud/serviceOf.ts";

type Of<K extends Recorded["kind"]> = Extract<Recorded, { kind: K }>;

/** Puts what happens in the cloud into words for a person; what a person does not need gets none. */
export class Narrator {
  /** Where the deployment is. */
  stage = "";
  /** Production traffic: `live/candidate 100/0 %`. */
  share = "";
  /** By service: target group → weight, of production traffic. */
  readonly #weights = new Map<string, Record<string, number>>();
  /** By service: target group that took the traffic when the deployment began. */
  readonly #live = new Map<string, string | undefined>();
  /** Whether the deployment has passed its gate: a pause before more production traffic is a step from then on. */
  #gated = false;

  tell(event: Recorded): string | undefined {
    switch (event.kind) {
      case "deployment":
        return this.#deployment(event);
      case "verdict":
        return this.#verdict(event);
      case "stopRequested":
        return `roll-back of ${event.release} requested`;
      case "weights":
        return this.#traffic(event);
      case "task":
        return task(event);
      case "taskHealth":
        return `task ${short(event.task)} of ${event.release} is ${event.health.toLowerCase()}`;
      case "instance":
        return event.status === "launching"
          ? undefined
          : `instance ${event.instance} ${event.status}`;
      case "alarm":
        return event.state === "ALARM" ? `alarm ${event.alarm}: ${event.reason}` : undefined;
      case "fault":
        return event.what;
      case "revision":
        return revision(event);
      case "rolling":
        return rolling(event);
      case "image":
        return `image ${image(event)} pushed`;
      case "alias":
        return `in tasks of ${event.service} ${event.alias} is 127.0.0.1:${event.port}`;
      case "release":
        return this.#release(event);
      case "annotations":
      case "target":
        return undefined;
    }
  }

  #deployment(event: Of<"deployment">): string | undefined {
    const { release, from, status, stage } = event;
    const service = serviceOf(event) ?? "";
    if (status === "PENDING") {
      this.#gated = false;
      this.#live.set(service, from === null ? undefined : heaviest(this.#weights.get(service)));
    }
    if (status === "SUCCESSFUL") this.#live.delete(service);
    this.stage = ends[status] ?? stages[stage] ?? this.stage;
    if (status === "ROLLBACK_REQUESTED") return undefined;
    const end = ends[status];
    if (end) return `deployment of ${release}: ${end}`;
    const text = stages[stage];
    return text === undefined ? undefined : `${release}: ${text}`;
  }

  #release(event: Of<"release">): string {
    const { release, from, moment, after } = event;
    const service = serviceOf(event) ?? "";
    if (moment === "begun") {
      this.#live.set(service, from === null ? undefined : heaviest(this.#weights.get(service)));
    }
    if (moment === "live" || moment === "undone") this.#live.delete(service);
    this.stage = moments[moment];
    const passed = after === "gate" && moment !== "undone" ? "gate open: " : "";
    return `${passed}${release}: ${moments[moment]}`;
  }

  #verdict({ stage, action, by, release }: Of<"verdict">): string {
    const unanswered = by === "timeout" ? " (nobody answered in time)" : "";
    const isBake = stage === "POST_PRODUCTION_TRAFFIC_SHIFT";
    const check = isBake ? "bake" : this.#gated ? "step" : "gate";
    if (action === "ROLLBACK") return `${check}: ${release} is refused, roll-back${unanswered}`;
    this.#gated = true;
    const passed = check === "gate" ? "gate open" : `${check} passed`;
    return `${passed}: ${release} may go on${unanswered}`;
  }

  #traffic(event: Of<"weights">): string | undefined {
    const { traffic, weights, rule } = event;
    if (otherTag.test(rule)) return undefined;
    const service = serviceOf(event) ?? "";
    if (traffic === "production") this.#weights.set(service, weights);
    const percent = (group: string) => {
      const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
      return sum === 0 ? 0 : Math.round((100 * (weights[group] ?? 0)) / sum);
    };
    const live = this.#live.get(service);
    // Between deployments, or at the first one, there is no candidate beside something live.
    if (live === undefined) {
      if (traffic === "production") this.share = "";
      return `${traffic} traffic: ${inShares(weights, percent)}`;
    }
    const left = percent(live);
    if (traffic === "production") this.share = `live/candidate ${left}/${100 - left} %`;
    return `${traffic} traffic: live ${left} %, candidate ${100 - left} %`;
  }
}

/** Tags of revisions on Cloud Run besides the candidate's: nobody asks by them. */
const otherTag = new RegExp(`/tags/(?!${candidateTag}$)`);

/** What a person calls the stages in which something happens that takes its time. */
const stages: Record<string, string | undefined> = {
  SCALE_UP: "starting its tasks",
  POST_TEST_TRAFFIC_SHIFT: "at the gate, without production traffic",
  POST_PRODUCTION_TRAFFIC_SHIFT: "baking, with all production traffic",
  CLEAN_UP: "clean-up of what was live before",
};

/** The same of a release on Cloud Run. */
const moments: Record<ReleaseMoment, string> = {
  begun: "starting its instances",
  gate: "at the gate, without production traffic",
  step: "with a part of the production traffic",
  bake: "baking, with all production traffic",
  live: "live",
  undone: "undone",
};

const ends: Record<string, string | undefined> = {
  SUCCESSFUL: "successful",
  STOPPED: "stopped",
  ROLLBACK_IN_PROGRESS: "rolling back",
  ROLLBACK_SUCCESSFUL: "rolled back",
  ROLLBACK_FAILED: "rolled back to nothing, as nothing was live",
};

function revision({ revision: name, release, status, reason }: Of<"revision">): string | undefined {
  if (status === "deleted") return undefined;
  const why = reason ? `: ${reason.split("\n", 1)[0]}` : "";
  return `revision ${name} of ${release} ${status}${why}`;
}

function rolling({ release, healthy, desired, old }: Of<"rolling">): string {
  return `${release}: ${healthy} of ${desired} tasks healthy, ${old} of other releases`;
}

/** Without its registry, and with as much of its digest as tells it from others. */
function image({ image: reference }: Of<"image">): string {
  const [repository = "", digest = ""] = reference.split("@sha256:");
  return `${repository.slice(repository.indexOf("/") + 1)} ${digest.slice(0, 12)}`;
}

function task({ task: id, release, status, reason }: Of<"task">): string | undefined {
  if (status === "PENDING") return undefined;
  const why = reason ? `: ${reason.split("\n", 1)[0]}` : "";
  return `task ${short(id)} of ${release} ${status.toLowerCase()}${status === "STOPPED" ? why : ""}`;
}

function inShares(weights: Record<string, number>, percent: (group: string) => number): string {
  const [first, ...others] = Object.keys(weights).filter((group) => percent(group) > 0);
  if (others.length === 0) return `all to ${first ?? "nobody"}`;
  return [first, ...others].map((group = "") => `${percent(group)} % to ${group}`).join(", ");
}

function heaviest(weights: Record<string, number> = {}): string | undefined {
  return Object.entries(weights).toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

function short(id: string): string {
  return id.slice(0, 8);
}
