import { type Command, inWords } from "./commands.ts";
import {
  carryOut,
  type Expected,
  emptyModel,
  type Model,
  needsRefresh,
  type Release,
} from "./model.ts";
import type { Subject, UpResult } from "./subject.ts";

/** What was not as it has to be, and after which commands. */
export class Disagreement extends Error {
  override readonly name = "Disagreement";
}

export interface PlayOptions {
  /** Whether each `up` that went well is followed by a preview, which may change nothing. @default true */
  previews?: boolean;
  /** Told what is played next. */
  onCommand?: (command: Command) => void;
}

/**
 * Plays commands on a subject and holds what becomes of it against the model, after each of them and at the end, when
 * a good release has to go live.
 *
 * @throws Disagreement
 */
export async function play(
  commands: readonly Command[],
  subject: Subject,
  options: PlayOptions = {},
): Promise<void> {
  const model = emptyModel();
  const played: Command[] = [];
  for (const command of commands) {
    played.push(command);
    await playOne(command, model, subject, played, options);
  }
  await subject.rest();
  model.abandoned = undefined;
  const last: Command[] = [
    ...(needsRefresh(model) ? [{ kind: "refresh" as const }] : []),
    // What it leads to may be a bad release.
    ...(model.pinned ? [{ kind: "unpin" as const }] : []),
    { kind: "deploy", release: "good" },
    { kind: "again" },
  ];
  for (const command of last) {
    played.push(command);
    await playOne(command, model, subject, played, options);
  }
}

async function playOne(
  command: Command,
  model: Model,
  subject: Subject,
  played: readonly Command[],
  { previews = true, onCommand = () => undefined }: PlayOptions,
): Promise<void> {
  onCommand(command);
  // Time goes on by itself where it is real.
  if (model.abandoned && !(await subject.observe()).moving) model.abandoned = undefined;
  const fresh = `${initial(command)}${played.length}`;
  const before = structuredClone({ ...model, releases: [] });
  const { expected, said } = await perform(command, model, subject, fresh);
  const problems: string[] = [];
  const told = said ? tellUp(said, expected) : [];
  problems.push(...told);
  if (previews && said?.outcome === "ok") {
    problems.push(...(await subject.preview()).map((change) => `a second preview wants ${change}`));
  }
  if (expected.rests) await subject.rest();
  problems.push(...(await compare(model, subject)), ...subject.violations());
  if (problems.length === 0) return;
  throw new Disagreement(
    [
      `after ${inWords(played)}:`,
      ...problems.map((problem) => `  - ${problem}`),
      `  what the last up said: ${lastLines(said?.said ?? "nothing")}`,
      `  the model before: ${JSON.stringify(before)}`,
      `  the model: ${JSON.stringify({ ...model, releases: [] })}`,
    ].join("\n"),
  );
}

async function perform(
  command: Command,
  model: Model,
  subject: Subject,
  fresh: string,
): Promise<{ expected: Expected; said?: UpResult | undefined }> {
  const wasAbandoned = model.abandoned !== undefined;
  const expected = carryOut(model, command, fresh);
  if (expected.restsBefore) await subject.rest();
  switch (command.kind) {
    case "deploy":
    case "kill":
    case "cancel": {
      const kind = command.kind === "deploy" ? command.release : "good";
      await subject.configure({ name: fresh, kind });
      const interrupt = command.kind === "deploy" ? undefined : command;
      return { expected, said: await subject.up(interrupt) };
    }
    case "again":
      return { expected, said: expected.up === "none" ? undefined : await subject.up() };
    case "unpin":
      await subject.unpin();
      return { expected, said: expected.up === "none" ? undefined : await subject.up() };
    case "rollback": {
      const pinned = await subject.rollBack();
      if (pinned === (expected.up === "none")) {
        throw new Disagreement(`roll-back ${pinned ? "was not refused" : "was refused"}`);
      }
      if (!pinned) return { expected };
      // Where something was undone, the state has to be told.
      if (wasAbandoned) {
        await subject.rest();
        await subject.refresh();
      }
      return { expected, said: await subject.up() };
    }
    case "refresh":
      await subject.refresh();
      return { expected };
    case "byHand": {
      const release: Release = { name: fresh, kind: "good" };
      if (expected.acts) await subject.byHand(command.what, command.to, release);
      return { expected };
    }
  }
}

function tellUp({ outcome, changes, said }: UpResult, { up, names }: Expected): string[] {
  const problems: string[] = [];
  const wanted = up === "unchanged" ? "ok" : up;
  if (outcome !== wanted) problems.push(`up should be ${up}, was ${outcome}`);
  if (up === "unchanged") problems.push(...changes.map((change) => `up changed ${change}`));
  if (names && outcome !== "killed" && !/changed by hand|drift: /.test(said)) {
    problems.push("up did not say what was changed by hand");
  }
  return problems;
}

async function compare(model: Model, subject: Subject): Promise<string[]> {
  const { serving, tasks, weights, history, moving } = await subject.observe();
  const problems: string[] = [];
  const check = (what: string, is: unknown, wanted: unknown) => {
    if (JSON.stringify(is) === JSON.stringify(wanted)) return;
    problems.push(`${what} should be ${JSON.stringify(wanted)}, is ${JSON.stringify(is)}`);
  };
  check("the history", history, model.history);
  if (moving) return problems;
  const live = model.live?.name;
  // Nobody serves where a hand has taken all tasks, or all traffic, away.
  if (!model.byHand.weights && !model.byHand.count) check("what serves", serving, live);
  if (!model.byHand.count)
    check("the releases with tasks", tasks, live === undefined ? [] : [live]);
  if (!model.byHand.weights && live !== undefined) check("the weights", weights, [100, 0]);
  return problems;
}

/** The rest is what went well before. */
function lastLines(text: string): string {
  return text.split("\n").slice(-30).join("\n");
}

function initial(command: Command): string {
  if (command.kind !== "deploy") return command.kind.slice(0, 1);
  return command.release.slice(0, 1);
}
