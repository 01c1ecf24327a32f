import type { JudgedOperation } from "./judgedOperations.ts";

/** The promotion's checks, as its message names them. */
const check = /\b(scale-up|gate|step|bake|proof|deployment|time-out): /;

/**
 * What is wrong with how a failed release was told: `up` fails with one message that names the release, the check, the
 * measured value and what still serves. Who is killed can't tell anything; who is cancelled has no time to ask, and who
 * can't reach the cloud knows of no value and of nothing that serves. What the cloud refuses before anybody is asked, it
 * tells in its own words.
 */
export function errorFlaws(judged: JudgedOperation): string[] {
  const { operation, rollout, expected, unanswered } = judged;
  const { reply, liveBefore, interrupted } = operation;
  const { candidate } = rollout;
  if (candidate === null || interrupted === "killed") return [];
  if (expected !== "held" && expected !== "rolledBack") return [];
  if (reply.ok) return ["up did not fail"];
  const { refused } = rollout;
  if (refused !== null) {
    const isTold = reply.errors.some((error) => error.includes(refused));
    return isTold ? [] : [`no error names ${refused}, which the cloud refused`];
  }
  const telling = reply.errors.filter((error) => error.includes(candidate));
  const [message] = telling;
  if (message === undefined) return [`no error names the release ${candidate}`];
  const flaws: string[] = [];
  if (telling.length > 1) flaws.push(`${telling.length} errors name the release, one should`);
  if (interrupted === "cancelled") return flaws;
  if (!check.test(message)) flaws.push(`the error does not name the failed check: ${message}`);
  if (unanswered) return flaws;
  if (check.test(message) && !measuredIn(message))
    flaws.push(`the error gives no measured value: ${message}`);
  const serves = liveBefore ?? "nothing";
  if (!message.includes(`live: ${liveBefore ? `release ${liveBefore}` : serves}`)) {
    flaws.push(`the error does not name what still serves, ${serves}: ${message}`);
  }
  return flaws;
}

/** Whether a number stands between the check's name and what is live; ids and ARNs are none. */
function measuredIn(message: string): boolean {
  const [, , said = ""] = message.split(check);
  return /(^|[\s([])\d+(\.\d+)?\b/.test(said.split(/; live\b/, 1)[0] ?? "");
}
