/** What the rehearsal asks of its operator: the person or pipeline that runs `pulumi`. */
export type OperatorRequest = OperatorCommand | OperatorInterrupt;

export interface OperatorCommand {
  id: number;
  command: Command;
  /** `preview` only: asks the cloud first. */
  refresh?: boolean;
}

/** One SIGINT to the `pulumi` that runs, as Ctrl-C sends it. */
export interface OperatorInterrupt {
  interrupt: true;
}

/** `cancel` releases the lock that a killed `pulumi` has left. */
export type Command = "up" | "preview" | "refresh" | "destroy" | "cancel";

/** What came of it. */
export interface OperatorReply {
  id: number;
  /** Whether the command ended with exit code 0. */
  ok: boolean;
  /** The engine's error diagnostics, in order; empty when `ok`. */
  errors: string[];
  /** Steps that are no "same" and no "read", as the engine announced them; what a refresh found changed. */
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
