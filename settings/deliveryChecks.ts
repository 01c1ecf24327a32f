import type { Problem } from "./problems.ts";
import type { ParsedSettings } from "./schema.ts";

/** What this program does and Cloud Deploy doesn't → what is there instead. */
const ignored: Readonly<Record<string, string>> = {
  bakeMinutes: "its verification ends when a phase does",
  gate: "it verifies by a job of its own",
  analysis: "it compares no figures",
  scaleUpMinutes: "it waits as long as Cloud Run does",
};

/**
 * What Cloud Deploy would ignore: it moves traffic by the steps of the rollout, and knows nothing of how this program
 * watches a release.
 *
 * @param raw - as the settings are written.
 */
export function deliveryProblems(
  raw: Readonly<Record<string, unknown>>,
  { delivery, services }: ParsedSettings,
): Problem[] {
  if (delivery === "pulumi") return [];
  const deliveryKey = ["delivery"];
  const written = raw.rollout;
  const isMap = typeof written === "object" && written !== null;
  const rollout = Object.entries(ignored)
    .filter(([name]) => isMap && name in written)
    .map(([name, because]) => ({
      keys: [["rollout", name], deliveryKey],
      finding: "is set",
      allowed: `nothing with symphainy:delivery cloudDeploy, which would ignore it: ${because}`,
      mend: "Remove it, or write pulumi as symphainy:delivery.",
    }));
  const pins = Object.entries(services)
    .filter(([, { release }]) => release !== undefined)
    .map(([name, { release }]) => ({
      keys: [["services", name, "release"], deliveryKey],
      finding: `is "${release}"`,
      allowed: "nothing with symphainy:delivery cloudDeploy, which holds the releases itself",
      mend: "Remove it, and roll back in Cloud Deploy.",
    }));
  return [...rollout, ...pins];
}
