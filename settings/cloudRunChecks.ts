import { isLabelName, isLabelValue } from "../components/gcp/names.ts";
import { startAllowanceSeconds } from "../components/healthChecks.ts";
import { releaseLabel } from "../provider/messages.ts";
import { sizeProblems } from "./cloudRunSizeChecks.ts";
import { serviceHealth } from "./healthChecks.ts";
import { keyName, type Problem, show } from "./problems.ts";
import type { ParsedSettings } from "./schema.ts";
import { type ParsedService, secretAllowed, secretForms } from "./serviceSchema.ts";
import { targetDefaults } from "./targetDefaults.ts";

/**
 * Longest time for which a startup probe may fail, in seconds: its period × its failures.
 *
 * @see https://cloud.google.com/run/docs/configuring/healthchecks
 */
const longestStart = 240;

/**
 * Names that Cloud Run sets or keeps for itself.
 *
 * @see https://cloud.google.com/run/docs/configuring/services/environment-variables#reserved
 */
const reservedVariable = /^(K_SERVICE|K_REVISION|K_CONFIGURATION|X_GOOGLE_.*)$/;

/** What every resource takes, less those that the program adds. */
const mostLabels = 40;

/** What Cloud Run would refuse, or do otherwise than is written. */
export function cloudRunProblems(settings: ParsedSettings, region: string | undefined): Problem[] {
  return [
    ...Object.entries(settings.services).flatMap(([name, service]) => [
      ...sizeProblems(name, service, settings.cloudRun),
      ...stopProblems(name, service),
      ...variableProblems(name, service),
      ...startProblems(name, service, settings.health),
    ]),
    ...labelProblems(settings.tags),
    ...subnetworkProblems(settings, region),
  ];
}

function stopProblems(
  name: string,
  { drainSeconds, stopTimeoutSeconds }: ParsedService,
): Problem[] {
  const stop = targetDefaults("cloudrun").stopTimeoutSeconds;
  // What was taken in the last moment of the drain has to end too.
  const longestDrain = stop - 2;
  const problems: Problem[] = [];
  if (stopTimeoutSeconds !== stop) {
    problems.push({
      keys: [["services", name, "stopTimeoutSeconds"]],
      finding: `is ${stopTimeoutSeconds}`,
      allowed: `${stop}: Cloud Run gives an instance ten seconds from SIGTERM to SIGKILL, whatever is asked for`,
      mend: "Remove it.",
    });
  }
  if (drainSeconds > longestDrain) {
    problems.push({
      keys: [["services", name, "drainSeconds"]],
      finding: `is ${drainSeconds}`,
      allowed: `from 0 to ${longestDrain}, or requests in hand are cut off ${stop} seconds after SIGTERM`,
      mend: `Remove it to get ${targetDefaults("cloudrun").drainSeconds}.`,
    });
  }
  return problems;
}

function variableProblems(name: string, { env, secrets }: ParsedService): Problem[] {
  const reserved = [
    ...Object.keys(env).map((variable) => ["env", variable] as const),
    ...Object.keys(secrets).map((variable) => ["secrets", variable] as const),
  ]
    .filter(([, variable]) => reservedVariable.test(variable))
    .map(([kind, variable]) => ({
      keys: [["services", name, kind, variable]],
      finding: "is a reserved name",
      allowed: "any name but K_SERVICE, K_REVISION, K_CONFIGURATION and X_GOOGLE_…",
      mend: "Rename it: Cloud Run sets these itself.",
    }));
  const foreign = Object.entries(secrets)
    .filter(([, where]) => !secretForms.gcp.test(where))
    .map(([variable]) => ({
      keys: [["services", name, "secrets", variable]],
      finding: "is an ARN (not shown)",
      allowed: `on the target cloudrun ${secretAllowed.gcp}`,
      mend: "Keep the value in Secret Manager and write its name.",
    }));
  return [...reserved, ...foreign];
}

function startProblems(
  name: string,
  { health: own }: ParsedService,
  shared: ParsedSettings["health"],
): Problem[] {
  const spec = serviceHealth(shared, own);
  const allowance = startAllowanceSeconds(spec);
  if (allowance <= longestStart) return [];
  const { startPeriodSeconds, intervalSeconds, retries } = spec;
  const path = own === undefined ? ["health"] : ["services", name, "health"];
  return [
    {
      keys: [
        [...path, "startPeriodSeconds"],
        [...path, "intervalSeconds"],
        [...path, "retries"],
      ],
      finding: `gives service ${name} ${allowance} seconds for a start (${startPeriodSeconds} s + ${retries} × ${intervalSeconds} s)`,
      allowed: `at most ${longestStart} seconds of startPeriodSeconds + retries × intervalSeconds: a start that takes longer is over on Cloud Run`,
      mend: "Lower one of the three.",
    },
  ];
}

function subnetworkProblems({ cloudRun }: ParsedSettings, region: string | undefined): Problem[] {
  const { subnetwork = "" } = cloudRun.network ?? {};
  const [, own] = /\/regions\/([^/]+)\//.exec(subnetwork) ?? [];
  if (own === undefined || region === undefined || own === region) return [];
  return [
    {
      keys: [["cloudRun", "network", "subnetwork"]],
      finding: `is ${show(subnetwork)}`,
      allowed: `a subnetwork of ${region}: instances are in none of another region`,
      mend: `Write one of ${region}.`,
    },
  ];
}

/** Tags are labels there, which are narrower. */
function labelProblems(tags: Readonly<Record<string, string>>): Problem[] {
  const names = Object.keys(tags);
  const form = "lower-case letters, digits, _ and -";
  const wrongNames = names
    .filter((name) => !isLabelName(name))
    .map((name) => ({
      keys: [["tags", name]],
      finding: "is not a name for a label",
      allowed: `on the target cloudrun 1 to 63 ${form}, starting with a letter`,
      mend: "Rename it.",
    }));
  const wrongValues = names
    .filter((name) => !isLabelValue(tags[name] ?? ""))
    .map((name) => ({
      keys: [["tags", name]],
      finding: `is ${show(tags[name])}`,
      allowed: `on the target cloudrun at most 63 ${form}, as it is a label`,
      mend: "Write it so.",
    }));
  const taken = names
    .filter((name) => name === releaseLabel)
    .map((name) => ({
      keys: [["tags", name]],
      finding: "is a reserved name",
      allowed: `any other on the target cloudrun: ${releaseLabel} is the label by which a release is known`,
      mend: "Rename it.",
    }));
  if (names.length <= mostLabels) return [...wrongNames, ...wrongValues, ...taken];
  const tooMany = {
    keys: [["tags"]],
    finding: `has ${names.length} tags`,
    allowed: `at most ${mostLabels}: Google Cloud takes 64 labels on a resource, and the program adds its own`,
    mend: `Remove some from ${keyName(["tags"])}.`,
  };
  return [...wrongNames, ...wrongValues, ...taken, tooMany];
}
