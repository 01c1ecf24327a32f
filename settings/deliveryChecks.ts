import { deliverySourceProblems } from "./deliverySourceChecks.ts";
import { type Problem, show } from "./problems.ts";
import type { ParsedSettings } from "./schema.ts";
import type { ParsedService } from "./serviceSchema.ts";
import type { Surroundings } from "./surroundings.ts";

type Values = Readonly<Record<string, unknown>>;

const deliveryKey = ["delivery"];

/** What this program does and Cloud Deploy doesn't → what is there instead. */
const ignored: Readonly<Record<string, string>> = {
  analysis: "it watches the alert policies, and compares no figures",
  scaleUpMinutes: "it waits as long as Cloud Run does",
};

/** A job of Cloud Deploy takes a day at most, ten minutes of which are for all that is not the gate. */
const longestGateMinutes = 24 * 60 - 10;

/**
 * What Cloud Deploy would ignore, or could not do, and what it needs to be told.
 *
 * @param raw - as the settings are written.
 */
export function deliveryProblems(
  raw: Values,
  settings: ParsedSettings,
  surroundings: Surroundings,
): Problem[] {
  if (settings.delivery === "pulumi") return unusedProblems(raw);
  return [
    ...ignoredProblems(raw),
    ...gateProblems(settings),
    ...Object.entries(settings.services).flatMap(([name, service]) => pinProblems(name, service)),
    ...deliverySourceProblems(keysOf(raw.cloudDeploy), settings, surroundings),
  ];
}

function unusedProblems({ cloudDeploy }: Values): Problem[] {
  if (keysOf(cloudDeploy).length === 0) return [];
  return [
    {
      keys: [["cloudDeploy"], deliveryKey],
      finding: "is set",
      allowed: "nothing while symphainy:delivery is pulumi",
      mend: "Remove it, or write cloudDeploy as symphainy:delivery.",
    },
  ];
}

function ignoredProblems({ rollout }: Values): Problem[] {
  const written = keysOf(rollout);
  return Object.entries(ignored)
    .filter(([name]) => written.includes(name))
    .map(([name, because]) => ({
      keys: [["rollout", name], deliveryKey],
      finding: "is set",
      allowed: `nothing with symphainy:delivery cloudDeploy, which would ignore it: ${because}`,
      mend: "Remove it, or write pulumi as symphainy:delivery.",
    }));
}

/** The gate is a container in Google's own pool, and so comes from the internet. */
function gateProblems({ cloudRun: { ingress }, rollout }: ParsedSettings): Problem[] {
  const { deadlineMinutes } = rollout.gate;
  const problems: Problem[] = [];
  if (ingress !== "all") {
    problems.push({
      keys: [["cloudRun", "ingress"], deliveryKey],
      finding: `is ${show(ingress)}`,
      allowed:
        "all with symphainy:delivery cloudDeploy, whose gate comes from outside and would never pass",
      mend: "Write all (symphainy:cloudRun.public false keeps strangers out), or pulumi as symphainy:delivery.",
    });
  }
  if (deadlineMinutes > longestGateMinutes) {
    problems.push({
      keys: [["rollout", "gate", "deadlineMinutes"], deliveryKey],
      finding: `is ${deadlineMinutes}`,
      allowed: `at most ${longestGateMinutes} (minutes) with symphainy:delivery cloudDeploy, whose jobs end after a day`,
      mend: `Write ${longestGateMinutes}, or less.`,
    });
  }
  return problems;
}

function pinProblems(name: string, { release }: ParsedService): Problem[] {
  if (release === undefined) return [];
  return [
    {
      keys: [["services", name, "release"], deliveryKey],
      finding: `is ${show(release)}`,
      allowed: "nothing with symphainy:delivery cloudDeploy, which holds the releases itself",
      mend: "Remove it, and roll back in Cloud Deploy.",
    },
  ];
}

function keysOf(value: unknown): string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}
