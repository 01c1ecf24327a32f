import { CheckFailed } from "./checkFailed.ts";
import type { Clock } from "./clock.ts";
import type { ProofInputs } from "./messages.ts";
import type { ProbeAnswer } from "./probe.ts";
import { Prober, type ProberDeps } from "./prober.ts";

export interface ProofDeps extends ProberDeps {
  clock: Clock;
  report: (message: string) => void;
}

/**
 * The last word: the public URL itself answers with the release, a number of times in a row.
 *
 * Where nobody here is let in, there is no such answer to be had.
 *
 * @throws CheckFailed with the last other answer, when it has not by its deadline.
 */
export async function proveServing(
  proof: ProofInputs,
  release: string,
  deps: ProofDeps,
  signal: AbortSignal,
): Promise<void> {
  const { clock, report } = deps;
  const { url, consecutiveAnswers } = proof;
  const prober = new Prober(
    { ...proof, instead: "the cloud's word is taken for what serves" },
    deps,
  );
  const deadline = clock.now() + proof.deadlineMinutes * 60_000;
  let answers = 0;
  let lastOther = "no answer";
  for (;;) {
    const answer = await prober.ask(signal);
    if (!answer) return;
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
