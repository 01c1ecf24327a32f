import { CheckFailed } from "./checkFailed.ts";
import type { Clock } from "./clock.ts";
import type { ProofInputs } from "./messages.ts";
import type { Probe, ProbeAnswer } from "./probe.ts";

export interface ProofDeps {
  probe: Probe;
  clock: Clock;
  report: (message: string) => void;
}

/**
 * The last word: the public URL itself answers with the release, a number of times in a row.
 *
 * @throws CheckFailed with the last other answer, when it has not by its deadline.
 */
export async function proveServing(
  proof: ProofInputs,
  release: string,
  { probe, clock, report }: ProofDeps,
  signal: AbortSignal,
): Promise<void> {
  const { url, consecutiveAnswers, timeoutSeconds } = proof;
  const deadline = clock.now() + proof.deadlineMinutes * 60_000;
  let answers = 0;
  let lastOther = "no answer";
  for (;;) {
    const answer = await probe({ url, timeoutSeconds }, signal);
    if (answer.release === release) answers += 1;
    else {
      answers = 0;
      lastOther = describeOther(answer);
    }
    report(`proof: ${answers} of ${consecutiveAnswers} answers of ${url} by ${release}`);
    if (answers >= consecutiveAnswers) return;
    if (clock.now() + proof.intervalSeconds * 1000 > deadline) {
      throw new CheckFailed(
        "proof",
        `${url} answered ${lastOther} (${proof.deadlineMinutes} min deadline)`,
      );
    }
    await clock.sleep(proof.intervalSeconds, signal);
  }
}

function describeOther({ status, release, error }: ProbeAnswer): string {
  if (status === undefined) return `nothing: ${error ?? "no answer"}`;
  return release === undefined
    ? `HTTP ${status} without a release id`
    : `HTTP ${status} as release ${release}`;
}
