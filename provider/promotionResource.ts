import { checkInputs, type Failing } from "./checkInputs.ts";
import type { Clock } from "./clock.ts";
import type { Cloud, Controllers } from "./cloud.ts";
import { type Difference, diffInputs } from "./diffInputs.ts";
import type { LiveRelease, PromotionInputs } from "./messages.ts";
import type { Probe } from "./probe.ts";
import { promote } from "./promote.ts";
import {
  isObject,
  type Json,
  type Properties,
  revealAll,
  unknown,
  withSecret,
} from "./properties.ts";
import { withLimit } from "./withLimit.ts";

export interface PromotionResourceDeps {
  clock: Clock;
  probe: Probe;
  controllers: Controllers;
}

/** What goes with every operation on one promotion. */
export interface Operation {
  /** Aborts when the user cancels. */
  signal: AbortSignal;
  /** Cloud seconds until the operation is given up; 0: as long as the inputs allow. */
  timeoutSeconds: number;
  report: (message: string) => void;
  announce: (message: string) => void;
}

/** Minutes on top of the parts of a promotion that have a limit of their own: traffic shifts, clean-up, draining. */
const slackMinutes = 60;

/** How long the roll-back of a deployment may take when its promotion is deleted, in minutes. */
const deleteMinutes = 60;

/** The one resource type of this provider, on plain properties: create, read, update, delete. */
export class PromotionResource {
  readonly #deps: PromotionResourceDeps;

  constructor(deps: PromotionResourceDeps) {
    this.#deps = deps;
  }

  check(news: Properties): { inputs: Properties; failing: Failing[] } {
    return { inputs: protect(news), failing: checkInputs(revealAll(news)) };
  }

  diff(oldInputs: Properties, olds: Properties, news: Properties): Difference {
    return diffInputs(revealAll(oldInputs), revealAll(news), liveIn(olds));
  }

  async create(news: Properties, operation: Operation): Promise<Properties> {
    const inputs = asInputs(news);
    const cloud = await this.#connect(inputs, undefined);
    return outputs(news, await this.#promote(inputs, cloud, operation));
  }

  async update(
    oldInputs: Properties,
    olds: Properties,
    news: Properties,
    operation: Operation,
  ): Promise<Properties> {
    const live = liveIn(olds);
    if (live && !this.diff(oldInputs, olds, news).deploys) return outputs(news, live);
    const inputs = asInputs(news);
    const cloud = await this.#connect(inputs, asInputs(oldInputs));
    return outputs(news, await this.#promote(inputs, cloud, operation));
  }

  /** What create or update would give, as far as it can be known before. */
  preview(news: Properties, olds?: { inputs: Properties; outputs: Properties }): Properties {
    const live = olds && liveIn(olds.outputs);
    const keeps = olds && live && !this.diff(olds.inputs, olds.outputs, news).deploys;
    return { ...protect(news), live: keeps ? { ...live } : unknown };
  }

  /** @returns undefined when nothing is live any more. */
  async read(olds: Properties): Promise<Properties | undefined> {
    const inputs = asInputs(olds);
    const { controller } = await this.#connect(inputs, inputs);
    const live = await controller.live();
    if (!live) return undefined;
    const known = liveIn(olds);
    return outputs(
      olds,
      known?.revision === live.revision ? { ...live, since: known.since } : live,
    );
  }

  async delete(olds: Properties, { signal }: Operation): Promise<void> {
    const inputs = asInputs(olds);
    const { controller } = await this.#connect(inputs, inputs);
    const { clock } = this.#deps;
    await withLimit(clock, deleteMinutes, signal, (limited) =>
      controller.stop(`the promotion of ${inputs.service} is deleted`, limited),
    );
  }

  #connect(inputs: PromotionInputs, previous: PromotionInputs | undefined): Promise<Cloud> {
    const { deployment } = inputs;
    const context = { clock: this.#deps.clock, previous: previous?.deployment };
    return this.#deps.controllers[deployment.kind](deployment, context);
  }

  #promote(
    inputs: PromotionInputs,
    cloud: Cloud,
    { signal, timeoutSeconds, report, announce }: Operation,
  ): Promise<LiveRelease> {
    const { clock, probe } = this.#deps;
    const minutes = timeoutSeconds > 0 ? timeoutSeconds / 60 : longest(inputs);
    return promote(inputs, { ...cloud, clock, probe, report, announce }, signal, minutes);
  }
}

function longest({ deployment, gate, bake, proof }: PromotionInputs): number {
  const parts = [deployment.scaleUpMinutes, gate.deadlineMinutes, bake.minutes];
  return [...parts, proof.deadlineMinutes, slackMinutes].reduce((sum, part) => sum + part);
}

function outputs(news: Properties, live: LiveRelease): Properties {
  return { ...protect(news), live: { ...live } };
}

/** A gate's header opens the way around the production rule; it is a secret even where the program forgot to say so. */
function protect(properties: Properties): Properties {
  const safe = withSecret(properties, ["gate", "header", "value"]);
  return isObject(safe) ? safe : properties;
}

/** Check has seen to the shape of everything that gets here. */
function asInputs(properties: Properties): PromotionInputs {
  const plain: Json = revealAll(properties);
  return plain as Json & PromotionInputs;
}

function liveIn(olds: Properties): LiveRelease | undefined {
  const { live } = revealAll(olds);
  if (!isObject(live)) return undefined;
  const { release, revision, since } = live;
  if (typeof release !== "string" || typeof revision !== "string" || typeof since !== "string") {
    return undefined;
  }
  return { release, revision, since };
}
