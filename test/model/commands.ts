import fc from "fast-check";

/** `unhealthy` fails its gate; `regressing` is healthy, and answers with errors under production traffic. */
export type ReleaseKind = "good" | "unhealthy" | "regressing";

/**
 * When a runner is killed or told to stop: as it begins, while tasks come up, in its gate, in its bake, in the cloud's
 * own bake after the last pause, and when the old tasks go already.
 */
const moments = ["claim", "scaleUp", "gate", "bake", "ecsBake", "cleanUp"] as const;
export type Moment = (typeof moments)[number];

/** What somebody does with a service. */
export type Command =
  | { kind: "deploy"; release: ReleaseKind }
  /** A good release, whose runner is killed; `waits`: until the cloud has come to rest. */
  | { kind: "kill"; at: Moment; seconds: number; waits: boolean }
  /** A good release, called off. */
  | { kind: "cancel"; at: Moment; seconds: number; waits: boolean }
  | { kind: "again" }
  | { kind: "rollback" }
  | { kind: "unpin" }
  | { kind: "refresh" }
  /** `to` says which of some values. */
  | { kind: "byHand"; what: "deploy" | "weights" | "count"; to: number };

const release = fc.oneof(
  { weight: 3, arbitrary: fc.constant<ReleaseKind>("good") },
  { weight: 1, arbitrary: fc.constant<ReleaseKind>("unhealthy") },
  { weight: 1, arbitrary: fc.constant<ReleaseKind>("regressing") },
);

/** Less than what a gate takes, so that the moment is not missed. */
const seconds = fc.integer({ min: 0, max: 8 });

function interrupt(kind: "kill" | "cancel", at: readonly Moment[]): fc.Arbitrary<Command> {
  return fc.record({
    kind: fc.constant(kind),
    at: fc.constantFrom(...at),
    seconds,
    waits: fc.boolean(),
  });
}

/** What sequences are made of. */
export interface SequenceArgs {
  /** How many commands one has. */
  min: number;
  max: number;
  /** When runners are killed, or told to stop. @default at every moment */
  kills?: readonly Moment[];
  cancels?: readonly Moment[];
}

export function sequences(args: SequenceArgs): fc.Arbitrary<Command[]> {
  const { min, max, kills = moments, cancels = moments } = args;
  const command: fc.Arbitrary<Command> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("deploy" as const), release }) },
    { weight: 4, arbitrary: interrupt("kill", kills) },
    { weight: 3, arbitrary: interrupt("cancel", cancels) },
    { weight: 3, arbitrary: fc.constant<Command>({ kind: "again" }) },
    { weight: 3, arbitrary: fc.constant<Command>({ kind: "rollback" }) },
    { weight: 1, arbitrary: fc.constant<Command>({ kind: "unpin" }) },
    { weight: 3, arbitrary: fc.constant<Command>({ kind: "refresh" }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("byHand" as const),
        what: fc.constantFrom("deploy" as const, "weights" as const, "count" as const),
        to: fc.nat(2),
      }),
    },
  );
  return fc.array(command, { minLength: min, maxLength: max });
}

/** One line, as it can be read in a failure. */
export function inWords(commands: readonly Command[]): string {
  return commands.map(wordsFor).join(", ");
}

function wordsFor(command: Command): string {
  switch (command.kind) {
    case "deploy":
      return `deploy ${command.release}`;
    case "kill":
    case "cancel": {
      const then = command.waits ? " and wait" : "";
      return `${command.kind} at ${command.at}+${command.seconds}${then}`;
    }
    case "byHand":
      return `${command.what} by hand (${command.to})`;
    default:
      return command.kind;
  }
}
