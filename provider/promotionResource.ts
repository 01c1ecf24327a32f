import { checkInputs, type Failing } from "./checkInputs.ts";
import type { Clock } from "./clock.ts";
import type { Cloud, Clouds } from "./cloud.ts";
import type { DeploymentController } from "./deploymentController.ts";
import { type Difference, diffInputs } from "./diffInputs.ts";
import { messageOf } from "./messageOf.ts";
import type { LiveRelease, PromotionInputs } from "./messages.ts";
import { PartlyDone } from "./partlyDone.ts";
import type { Probe } from "./probe.ts";
import { PromotionFailed, promote } from "./promote.ts";
import { type PromotionState, remember, stateIn, stateProperties } from "./promotionState.ts";
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
  clouds: Clouds;
  /** Who runs the promotions. */
  by: string;
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

/** Real milliseconds for what a refresh asks besides what is live. */
const readMilliseconds = 60_000;

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
    return diffInputs(revealAll(oldInputs), revealAll(news), stateIn(olds));
  }

  /** @throws PartlyDone when it failed and there is something to remember. */
  create(news: Properties, operation: Operation): Promise<Properties> {
    return this.#bringLive(news, { live: undefined, history: [], drift: [] }, operation);
  }

  /** @throws PartlyDone when it failed and there is something to remember. */
  async update(
    oldInputs: Properties,
    olds: Properties,
    news: Properties,
    operation: Operation,
  ): Promise<Properties> {
    const state = stateIn(olds);
    if (state.live && !this.diff(oldInputs, olds, news).deploys) return outputs(news, state);
    return await this.#bringLive(news, state, operation);
  }

  /** What create or update would give, as far as it can be known before. */
  preview(news: Properties, olds?: { inputs: Properties; outputs: Properties }): Properties {
    const state = olds && stateIn(olds.outputs);
    const keeps = olds && state?.live && !this.diff(olds.inputs, olds.outputs, news).deploys;
    if (keeps) return outputs(news, state);
    return { ...protect(news), live: unknown, history: unknown, drift: unknown };
  }

  /** @returns undefined when nothing is live any more. */
  async read(olds: Properties): Promise<Properties | undefined> {
    const state = stateIn(olds);
    const inputs = remembered(olds);
    const { controller } = await this.#connect(inputs, state.live);
    const live = await controller.live();
    if (!live) return undefined;
    const drift = isOlder(olds) ? state.drift : await readDrift(inputs.service, controller);
    return outputs(olds, { ...state, live: asPromoted(live, state), drift });
  }

  async delete(olds: Properties, { signal }: Operation): Promise<void> {
    const inputs = remembered(olds);
    const { controller } = await this.#connect(inputs, stateIn(olds).live);
    const { clock } = this.#deps;
    await withLimit(clock, deleteMinutes, signal, (limited) =>
      controller.stop(`the promotion of ${inputs.service} is deleted`, limited),
    );
  }

  async #bringLive(
    news: Properties,
    state: PromotionState,
    { signal, timeoutSeconds, report, announce }: Operation,
  ): Promise<Properties> {
    const { clock, probe, by } = this.#deps;
    const inputs = asInputs(news);
    const cloud = await this.#connect(inputs, state.live);
    const minutes = timeoutSeconds > 0 ? timeoutSeconds / 60 : longest(inputs);
    const deps = { ...cloud, clock, probe, by, report, announce, expected: state.live };
    try {
      const { live, deployed, record } = await promote(inputs, deps, signal, minutes);
      // One that was found live may have got there with nobody left to remember it.
      const isNew = deployed || state.live?.revision !== live.revision;
      const history = isNew ? remember(state.history, record) : state.history;
      return outputs(news, { live, history, drift: [] });
    } catch (error) {
      if (!(error instanceof PromotionFailed) || !error.record) throw error;
      const history = remember(state.history, error.record);
      const live = error.live === "unknown" ? state.live : asPromoted(error.live, state);
      throw new PartlyDone(error.message, outputs(news, { ...state, live, history }), error);
    }
  }

  #connect(inputs: PromotionInputs, live: LiveRelease | undefined): Promise<Cloud> {
    const { deployment, release } = inputs;
    const context = { clock: this.#deps.clock, release, live };
    const { clouds } = this.#deps;
    return deployment.kind === "ecs"
      ? clouds.ecs(deployment, context)
      : clouds.cloudRun(deployment, context);
  }
}

/** @throws Error that names the service, when the cloud does not tell. */
async function readDrift(service: string, controller: DeploymentController): Promise<string[]> {
  try {
    return await controller.drift(AbortSignal.timeout(readMilliseconds));
  } catch (cause) {
    const why = messageOf(cause);
    throw new Error(`${service}: what was changed by hand can't be read, so try again: ${why}`, {
      cause,
    });
  }
}

/** The cloud does not know with which configuration we promoted what it has. */
function asPromoted(live: LiveRelease | undefined, state: PromotionState): LiveRelease | undefined {
  return state.live?.revision === live?.revision ? state.live : live;
}

function longest({ deployment, gate, bake, proof }: PromotionInputs): number {
  const watched = (minutes: number) => minutes + bake.analysis.patienceMinutes;
  const steps = (bake.steps.length - 1) * watched(bake.stepMinutes);
  const parts = [deployment.scaleUpMinutes, gate.deadlineMinutes, steps, watched(bake.minutes)];
  return [...parts, proof.deadlineMinutes, slackMinutes].reduce((sum, part) => sum + part);
}

function outputs(news: Properties, state: PromotionState): Properties {
  return { ...protect(news), ...stateProperties(state) };
}

/** What is a secret even where the program forgot to say so: a gate's header opens the way around the production rule. */
const secrets = [
  ["gate", "header", "value"],
  ["deployment", "connection", "accessToken"],
  ["deployment", "connection", "credentials"],
] as const;

function protect(properties: Properties): Properties {
  return secrets.reduce<Properties>((safe, path) => {
    const safer = withSecret(safe, path);
    return isObject(safer) ? safer : safe;
  }, properties);
}

/** Check has seen to the shape of everything that gets here. */
function asInputs(properties: Properties): PromotionInputs {
  const plain: Json = revealAll(properties);
  return plain as Json & PromotionInputs;
}

/** Whether a state was written before promotions looked for what is changed by hand: it does not say where. */
function isOlder({ deployment = null }: Properties): boolean {
  if (!isObject(deployment)) return true;
  return deployment.kind === "ecs" && deployment.traffic === undefined;
}

/** Inputs of a state, which may be older than this program; `up` brings it up to date. */
function remembered(olds: Properties): PromotionInputs {
  const inputs = asInputs(olds);
  const { deployment } = inputs;
  if (deployment.kind !== "ecs" || !isOlder(olds)) return inputs;
  const traffic = { loadBalancer: "", productionRule: "" };
  const tasks = { min: 0, max: Number.POSITIVE_INFINITY };
  return { ...inputs, deployment: { ...deployment, traffic, tasks } };
}
