import type { Recorded } from "../cloud/journal.ts";
import type { LoadReport } from "../load/loadReport.ts";
import type { OperatorReply } from "../operator/messages.ts";

/** Everything that was seen while a story was played; the judge needs nothing else. */
export interface Facts {
  /** The cloud's events since the story began. */
  events: Recorded[];
  /** The answer to the story's own `up` or `destroy`. */
  operation: OperatorReply | null;
  /** Preview after everything, with the same release. */
  secondPreview: OperatorReply | null;
  /** Release id that the public URL named before and after; null when nobody answered there. */
  liveBefore: string | null;
  liveAfter: string | null;
  load: LoadReport | null;
  /** What the load balancer saw on the test rule, in order. */
  probes: Probe[];
  /** How many healthy answers in a row the stack's settings ask of the gate. */
  consecutivePasses: number;
  /** What exists in the account although everything was destroyed. */
  leftovers: string[];
  /** Where a secret was found in plain text: "the state", "the operator's output", … */
  secretsFoundIn: string[];
  /** Largest event-loop stall of the load balancer, in real milliseconds. */
  proxyStallMs: number;
  /** Cloud seconds per real second. */
  speed: number;
}

/** One answer on the test rule. */
export interface Probe {
  /** Wall time in milliseconds since the Unix epoch. */
  at: number;
  status: number;
  release: string | null;
}
