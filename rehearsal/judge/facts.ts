import type { Recorded } from "../cloud/journal.ts";
import type { LoadReport, LoadResponse } from "../load/loadReport.ts";
import type { OperatorReply } from "../operator/messages.ts";
import type { StackResource } from "../stories/play.ts";
import type { Bounds } from "./bounds.ts";
import type { Promised } from "./promised.ts";

/** Everything that was seen while a story was played; the judge needs nothing else. */
export interface Facts {
  /** The cloud's events since the story began. */
  events: Recorded[];
  /** The story's own operations, in order. */
  operations: Operation[];
  /** The stack's services, the first one first; a story about one of them need not name it. @default one */
  services?: ServiceFacts[];
  /** Preview after everything, with the same release. */
  secondPreview: OperatorReply | null;
  /** Release id that the first service's public URL named before and after; null when nobody answered there. */
  liveBefore: string | null;
  liveAfter: string | null;
  /** Production weights when the story began: target group name → weight; empty when there were none. */
  weightsBefore: Record<string, number>;
  load: LoadReport | null;
  /** Those of the load's answers that other services were given who called this one. @default nobody calls it */
  calls?: LoadResponse[];
  /** What the load balancer saw on the test rule, in order. */
  probes: Probe[];
  /** How many healthy answers in a row the stack's settings ask of the gate. */
  consecutivePasses: number;
  /** What the stack's settings allow. */
  bounds: Bounds;
  /** For how long a request may go on whose release has lost its traffic, in real milliseconds. @default not at all */
  drainMs?: number;
  /** What exists in the account although everything was destroyed. */
  leftovers: string[];
  /** Where a secret was found in plain text: "the state", "the operator's output", … */
  secretsFoundIn: string[];
  /** What the story itself found wrong. */
  flaws: Flaw[];
  /** Largest event-loop stall of the load balancer, in real milliseconds. */
  proxyStallMs: number;
  /** Cloud seconds per real second. */
  speed: number;
}

/** One of several services: what of the facts is its own. */
export interface ServiceFacts extends Pick<Facts, "liveBefore" | "liveAfter" | "weightsBefore"> {
  name: string;
  /** Whether the settings have another service call it. */
  isCalled: boolean;
}

/** By service: release id that its public URL names; null when nobody answers there. */
export type Lives = Record<string, string | null>;

/** One `up` or `destroy`, from its beginning to that of the next one, or to the story's end. */
export interface Operation {
  command: "up" | "destroy";
  reply: OperatorReply;
  /** What a person or a machine did to it. */
  interrupted: "cancelled" | "killed" | null;
  /** Wall time in milliseconds since the Unix epoch. */
  begunAt: number;
  /** How many events the story had seen by then. */
  firstEvent: number;
  /** The only service whose release it changed. @default it may have been any */
  service?: string;
  liveBefore: string | null;
  liveAfter: string | null;
  /** The same of every service, where there are several. */
  livesBefore?: Lives;
  livesAfter?: Lives;
  /** Resources in the stack's state. */
  stateBefore: StackResource[];
  stateAfter: StackResource[];
}

export interface Flaw {
  promised: Promised;
  words: string;
}

/** One answer on the test rule. */
export interface Probe {
  /** Wall time in milliseconds since the Unix epoch. */
  at: number;
  status: number;
  release: string | null;
}
