import { isAbsolute, relative, resolve } from "node:path";
import { type Problem, show } from "./problems.ts";
import type { ParsedSettings } from "./schema.ts";
import type { ParsedService } from "./serviceSchema.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * What Cloud Build needs to be told, and what it can't build.
 *
 * @param written - the parts of `symphainy:cloudDeploy` that are written.
 */
export function deliverySourceProblems(
  written: readonly string[],
  settings: ParsedSettings,
  { root, region }: Surroundings,
): Problem[] {
  return [
    ...repositoryProblems(written, settings, region),
    ...Object.entries(settings.services).flatMap(([name, service]) =>
      buildProblems(name, service, root),
    ),
  ];
}

function repositoryProblems(
  written: readonly string[],
  { services, cloudDeploy: { repository } }: ParsedSettings,
  region: string | undefined,
): Problem[] {
  const key = ["cloudDeploy", "repository"];
  const built = Object.entries(services).filter(([, { context }]) => context !== undefined);
  if (built.length === 0) {
    return written
      .filter((name) => name !== "requireApproval")
      .map((name) => ({
        keys: [["cloudDeploy", name], ["services"]],
        finding: "is set",
        allowed: "nothing where no service has a context: nothing is built",
        mend: "Remove it: releases of images that exist are made by `gcloud deploy releases create`.",
      }));
  }
  const form =
    "projects/PROJECT/locations/REGION/connections/CONNECTION/repositories/REPOSITORY of a repository that Cloud Build is connected with";
  if (repository === undefined) {
    const names = built.map(([name]) => name).join(", ");
    return [
      {
        keys: [key, ["delivery"]],
        finding: `is missing, and Cloud Build builds ${names}`,
        allowed: form,
        mend: "Connect the repository (docs/delivery.md) and write its name, or give the services an image.",
      },
    ];
  }
  const [, own] = /\/locations\/([^/]+)\//.exec(repository) ?? [];
  if (region === undefined || own === region) return [];
  return [
    {
      keys: [key],
      finding: `is ${show(repository)}`,
      allowed: `a repository of ${region}: a trigger takes pushes of its own region's alone`,
      mend: `Connect it in ${region}, too, and write that name.`,
    },
  ];
}

/** Cloud Build knows the files of the repository, and no build arguments. */
function buildProblems(name: string, service: ParsedService, root: string): Problem[] {
  const { context, dockerfile, buildArgs } = service;
  const key = ["services", name];
  const problems: Problem[] = [];
  if (Object.keys(buildArgs).length > 0) {
    problems.push({
      keys: [[...key, "buildArgs"], ["delivery"]],
      finding: "is set",
      allowed: "nothing with symphainy:delivery cloudDeploy: cloudbuild.yaml builds without",
      mend: "Write the values into the Dockerfile, as defaults of its ARGs.",
    });
  }
  if (context === undefined) return problems;
  const folder = resolve(root, context);
  const outside = [
    { part: "context", path: folder },
    { part: "dockerfile", path: resolve(folder, dockerfile) },
  ].find(({ path }) => isOutside(relative(root, path)));
  if (outside) {
    problems.push({
      keys: [[...key, outside.part], ["delivery"]],
      finding: `leads to ${show(relative(root, outside.path))}`,
      allowed:
        "a path inside the project with symphainy:delivery cloudDeploy: Cloud Build has the repository alone",
      mend: "Move it into the project.",
    });
  }
  return problems;
}

function isOutside(path: string): boolean {
  return path === ".." || path.startsWith("../") || isAbsolute(path);
}
