import { historyLength } from "../../provider/messages.ts";
import type { Command, ReleaseKind } from "./commands.ts";

/** A release as its maker would describe it; every one differs from every other. */
export interface Release {
  name: string;
  kind: ReleaseKind;
}

/** What a promotion's record says. */
export interface Recorded {
  release: string;
  verdict: "live" | "undone" | "failed";
}

/** What a service and its stack are like between two commands, as far as anybody may rely on it. */
export interface Model {
  /** What the settings say, were there no pin; undefined before the first release. */
  source: Release | undefined;
  /** The release that the settings hold the service at. */
  pinned: Release | undefined;
  /** What serves as soon as everything has come to rest. */
  live: Release | undefined;
  /** On its way with nobody to follow it: undone by the pause's time-out, unless somebody takes it up. */
  abandoned: Release | undefined;
  /** Whether the abandoned one has the production traffic meanwhile. */
  shifted: boolean;
  /** The release that the stack's state calls live, with nothing left to be done. */
  believed: Release | undefined;
  /** The release that the stack's state has the service run. */
  tried: Release | undefined;
  /** Newest first. */
  history: Recorded[];
  releases: Release[];
  /** The release that the stack's state calls live, whether something is left to be done or not. */
  seen: Release | undefined;
  /** Whether a refresh has found it, so that nobody knows with which configuration it went live. */
  vague: boolean;
  /** What was changed by hand, and not put back since. */
  byHand: { weights: boolean; count: boolean };
  /** Whether a refresh has shown weights and count. */
  known: boolean;
}

/** What has to come of a command. */
export interface Expected {
  /** `none`: there is nothing to run. */
  up: "none" | "unchanged" | "ok" | "failed" | "killed";
  /** Whether it has to say what was changed by hand. */
  names: boolean;
  /** Whether everything has to come to rest first. */
  restsBefore: boolean;
  /** The same afterwards. */
  rests: boolean;
  /** Whether a hand has anything to change. */
  acts: boolean;
}

const nothing: Expected = {
  up: "none",
  names: false,
  restsBefore: false,
  rests: true,
  acts: false,
};

export function emptyModel(): Model {
  return {
    source: undefined,
    pinned: undefined,
    live: undefined,
    abandoned: undefined,
    shifted: false,
    believed: undefined,
    tried: undefined,
    seen: undefined,
    vague: false,
    history: [],
    releases: [],
    byHand: { weights: false, count: false },
    known: false,
  };
}

/** Releases that can be gone back to: those that a record says went live, newest first. */
function goneLive({ history, releases }: Model): Release[] {
  const names = new Set(
    history.filter(({ verdict }) => verdict === "live").map(({ release }) => release),
  );
  return [...names].flatMap((name) => releases.find((release) => release.name === name) ?? []);
}

/** What the settings want to be live. */
function wantedOf({ pinned, source }: Model): Release | undefined {
  return pinned ?? source;
}

/** Carries out a command: brings the model up to date and says what has to come of it. */
export function carryOut(model: Model, command: Command, fresh: string): Expected {
  switch (command.kind) {
    case "deploy":
      return deploy(model, { name: fresh, kind: command.release });
    case "kill":
    case "cancel":
      return deploy(model, { name: fresh, kind: "good" }, command);
    case "again":
      return up(model);
    case "unpin":
      model.pinned = undefined;
      return up(model);
    case "rollback":
      return rollBack(model);
    case "refresh": {
      const restsBefore = !model.abandoned;
      refresh(model);
      return { ...nothing, restsBefore, rests: false };
    }
    case "byHand":
      return changeByHand(model, command.what, fresh);
  }
}

type Interrupt = Extract<Command, { kind: "kill" | "cancel" }>;

function deploy(model: Model, release: Release, interrupt?: Interrupt): Expected {
  model.releases.push(release);
  model.source = release;
  if (!interrupt) return up(model);
  // What was pinned and abandoned is taken up where it is: the moment may be over already.
  const restsBefore = model.pinned !== undefined;
  if (restsBefore) model.abandoned = undefined;
  const expected = interrupted(model, interrupt);
  const rests = interrupt.waits || interrupt.at === "ecsBake" || interrupt.at === "cleanUp";
  if (rests) model.abandoned = undefined;
  return { ...expected, restsBefore, rests };
}

function up(model: Model): Expected {
  const wanted = wantedOf(model);
  if (!wanted) return nothing;
  if (isDone(model, wanted)) return { ...nothing, up: "unchanged" };
  const refusal = refusalOf(model, wanted);
  if (refusal) {
    // That much is done before.
    model.abandoned = undefined;
    return { ...nothing, ...refusal };
  }
  if (isFound(model, wanted)) return bringUpToDate(model, wanted);
  const names = begin(model, wanted);
  if (wanted.kind !== "good") {
    remember(model, wanted, "undone");
    return { ...nothing, up: "failed", names };
  }
  model.live = wanted;
  remember(model, wanted, "live");
  model.believed = wanted;
  return { ...nothing, up: "ok", names };
}

/** The release that is called off, or whose runner dies, is a good one. */
function interrupted(model: Model, { kind, at }: Interrupt): Expected {
  const wanted = wantedOf(model);
  if (!wanted || isDone(model, wanted) || refusalOf(model, wanted)) return up(model);
  const outcome = kind === "kill" ? "killed" : "failed";
  if (isFound(model, wanted)) {
    // It ends before it comes to any other moment.
    return at === "claim" ? { ...nothing, up: outcome } : bringUpToDate(model, wanted);
  }
  const names = begin(model, wanted);
  if (kind === "kill") {
    // Past the last pause ECS goes on by itself.
    if (at === "ecsBake" || at === "cleanUp") model.live = wanted;
    else {
      model.abandoned = wanted;
      model.shifted = at === "bake";
    }
    return { ...nothing, up: outcome, names };
  }
  // Past the point of no return nothing can be undone any more.
  if (at === "cleanUp") model.live = wanted;
  // Nobody had followed it yet, so nobody can tell of it.
  if (at !== "claim") remember(model, wanted, at === "cleanUp" ? "failed" : "undone");
  return { ...nothing, up: outcome, names };
}

/** The stack's state calls it live, and nothing that it knows of is to be put back. */
function isDone({ believed, tried, byHand, known }: Model, wanted: Release): boolean {
  return believed === wanted && tried === wanted && !(known && (byHand.weights || byHand.count));
}

/**
 * Before a refresh has shown it, nothing is deployed over what somebody has changed by hand. And nothing is deployed
 * that nobody would follow: what a promotion calls live while its service was told to run something else since.
 */
function refusalOf(model: Model, wanted: Release): Pick<Expected, "up" | "names"> | undefined {
  const { tried, byHand, known, seen, believed } = model;
  if (tried === undefined || tried === wanted) return undefined;
  // What has never told anything is not in the state, so no refresh could show it.
  const hides = seen !== undefined && !known && (byHand.weights || byHand.count);
  if (hides || isStrange(model)) return { up: "failed", names: true };
  return believed === wanted ? { up: "failed", names: false } : undefined;
}

/** Whether an `up` may say that it wants to be shown first what is so. */
export function needsRefresh(model: Model): boolean {
  return isStrange(model) || model.byHand.weights || model.byHand.count;
}

/** What is live is nothing that the state knows: somebody has deployed by hand, or more than one runner has died. */
function isStrange({ live, seen, tried }: Model): boolean {
  return seen !== undefined && live !== seen && live !== tried;
}

/** Nothing is left but to bring the state up to date, and to put back what was changed by hand. */
function isFound({ live, abandoned, seen, vague }: Model, wanted: Release): boolean {
  return live === wanted && !abandoned && !(vague && seen === wanted);
}

function bringUpToDate(model: Model, wanted: Release): Expected {
  model.tried = wanted;
  // What the state calls live already is no news.
  if (model.seen !== wanted) remember(model, wanted, "live");
  model.believed = wanted;
  model.seen = wanted;
  return { ...nothing, up: "ok", names: repair(model) };
}

/** @returns whether something was changed by hand. */
function begin(model: Model, wanted: Release): boolean {
  const wasStrange = isStrange(model);
  model.tried = wanted;
  model.abandoned = undefined;
  return repair(model) || wasStrange;
}

/** Traffic and tasks are where they belong before a deployment begins. */
function repair(model: Model): boolean {
  const { weights, count } = model.byHand;
  model.byHand = { weights: false, count: false };
  model.known = false;
  return weights || count;
}

/** The release before what is live; while one is on its way that nobody follows, what it would replace. */
function rollBack(model: Model): Expected {
  const { abandoned, live, pinned } = model;
  // What is being undone is not what anybody goes back from.
  const restsBefore = !abandoned;
  if (abandoned && pinned && (pinned === abandoned || pinned === live)) return up(model);
  if (!abandoned && pinned && pinned === live) return { ...up(model), restsBefore };
  const recorded = goneLive(model);
  const target = abandoned
    ? recorded.find((release) => release === live)
    : recorded.find((release) => release !== live);
  // What is on its way is undone in any case, but for the first release: nothing could take its place.
  if (live) model.abandoned = undefined;
  // What it undoes is news to the state.
  if (target && abandoned) refresh(model);
  if (!target) return { ...nothing, restsBefore, rests: live !== undefined };
  model.pinned = target;
  return { ...up(model), restsBefore };
}

/** The state says what is so. */
function refresh(model: Model): void {
  const { live, believed, byHand, abandoned, shifted, history } = model;
  const found = abandoned && shifted ? abandoned : live;
  if (believed !== found) model.believed = undefined;
  model.tried = abandoned ?? live ?? model.tried;
  // A promotion that has nothing live is forgotten, with all that it remembered.
  if (!found) {
    model.history = [];
    model.seen = undefined;
  } else if (history.length > 0) {
    model.vague ||= model.seen !== found;
    model.seen = found;
  }
  model.known = byHand.weights || byHand.count;
}

/** A hand waits until nothing moves, and deploys nothing where ECS would refuse to. */
function changeByHand(model: Model, what: "deploy" | "weights" | "count", name: string): Expected {
  const expected = { ...nothing, restsBefore: true };
  model.abandoned = undefined;
  if (!model.live) return expected;
  const { weights, count } = model.byHand;
  if (what !== "deploy") model.byHand = { ...model.byHand, [what]: true };
  else if (weights || count) return expected;
  else model.live = { name, kind: "good" };
  return { ...expected, acts: true };
}

function remember(model: Model, { name }: Release, verdict: Recorded["verdict"]): void {
  model.history = [{ release: name, verdict }, ...model.history].slice(0, historyLength);
  model.believed = undefined;
  // What it could not undo it has not waited for.
  if (verdict === "failed") return;
  model.seen = model.live;
  model.vague = false;
}
