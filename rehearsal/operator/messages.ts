/** What the rehearsal asks of its operator: the person or pipeline that runs `pulumi`. */
export interface OperatorRequest {
  id: number;
  command: Command;
}

export type Command = "up" | "preview" | "refresh" | "destroy";

/** What came of it. */
export interface OperatorReply {
  id: number;
  /** Whether the command ended with exit code 0. */
  ok: boolean;
  /** The engine's error diagnostics, in order; empty when `ok`. */
  errors: string[];
  /** Steps that are no "same" and no "read", as the engine announced them. */
  changes: Change[];
  /** The stack's outputs, secrets shown as the engine shows them: "[secret]". */
  outputs: Record<string, unknown>;
  /** Everything that the command printed. */
  output: string;
}

export interface Change {
  op: string;
  type: string;
  urn: string;
  /** Input properties that differ, as the engine's detailed diff names them. */
  properties: string[];
}

/** What a resource says of itself while a command runs: a message that the engine shows for a moment only. */
export interface OperatorProgress {
  progress: string;
}
