import type { Candidate, ReleaseStatus, Side } from "../provider/releaseControl.ts";
import { table } from "./table.ts";
import { timeText } from "./timeText.ts";

/** How one service's release stands, for people. */
export function renderStatus(
  service: string,
  { live, candidate, runner, hold, drift }: ReleaseStatus,
): string {
  const rows: string[][] = [
    ["live", live ? describeSide(live) : "nothing yet"],
    ["candidate", candidate ? describeSide(candidate) : "none, nothing is under way"],
  ];
  if (candidate) {
    const weights = [`candidate ${candidate.weight} %`];
    if (live) weights.unshift(`live ${live.weight} %`);
    rows.push(["traffic", weights.join(", ")], ["stage", describeStage(candidate)]);
    rows.push(["waits", describeWait(candidate)]);
    rows.push(["run by", runner ? `${runner.by}, since ${timeText(runner.since)}` : "nobody"]);
  }
  const sides = Object.entries({ live, candidate }).flatMap(([name, side]) =>
    side ? [`${name} ${describeHealth(side)}`] : [],
  );
  rows.push(...column("health", sides));
  if (hold) rows.push(["held by", `${hold.by}, since ${timeText(hold.since)}`]);
  rows.push(...column("drift", drift.length > 0 ? drift : ["none"]));
  return `${service}\n${table(rows, 2)}`;
}

function column(name: string, values: readonly string[]): string[][] {
  return values.map((value, at) => [at === 0 ? name : "", value]);
}

function describeSide({ release, revision, since }: Side): string {
  return `${release}  since ${timeText(since)}  ${revision.split("/").at(-1)}`;
}

function describeStage({ status, statusReason, stage }: Candidate): string {
  const words = stage === undefined ? status : `${stage}, ${status}`;
  return statusReason ? `${words}: ${statusReason}` : words;
}

function describeWait({ checkpoint, isUndone }: Candidate): string {
  if (checkpoint) {
    const { until } = checkpoint;
    const limit = until === undefined ? "" : ` until ${timeText(until)}, then `;
    return `for a verdict${limit}${limit && atTheEnd(checkpoint)}`;
  }
  return isUndone ? "no: it is being undone" : "no";
}

/** What the cloud does when nobody answers in time. */
export function atTheEnd({ atTimeout }: NonNullable<Candidate["checkpoint"]>): string {
  return atTimeout === "CONTINUE" ? "ECS lets it pass" : "ECS undoes it";
}

function describeHealth({ tasks, targets, readiness }: Side): string {
  const parts = readiness === undefined ? [] : [readiness];
  if (tasks) {
    const starting = tasks.pending > 0 ? `, ${tasks.pending} starting` : "";
    parts.push(`${tasks.running} of ${tasks.wanted} tasks running${starting}`);
  }
  if (targets) parts.push(`${targets.healthy} of ${targets.registered} targets healthy`);
  return parts.length > 0 ? parts.join("; ") : "unknown";
}
