import { instancesFor } from "./instancesFor.ts";
import { type InstanceType, instanceTypes } from "./instanceTypes.ts";
import { nearest, type Problem, show } from "./problems.ts";
import type { ParsedSettings } from "./schema.ts";

const typeKey = ["ec2", "instanceType"];

/** Tasks that do not fit on an instance, or releases that do not fit on all of them. */
export function ec2Problems({ ec2, services }: ParsedSettings): Problem[] {
  const countProblems: Problem[] =
    ec2.minInstances <= ec2.maxInstances
      ? []
      : [
          {
            keys: [
              ["ec2", "minInstances"],
              ["ec2", "maxInstances"],
            ],
            finding: `is ${ec2.minInstances}`,
            allowed: `at most maxInstances, which is ${ec2.maxInstances}`,
            mend: "Lower minInstances or raise maxInstances.",
          },
        ];
  const type = instanceTypes.get(ec2.instanceType);
  if (type === undefined) return [...countProblems, unknownType(ec2.instanceType)];
  const taskProblems = Object.entries(services).flatMap(([name, service]) =>
    sizeProblems(name, service, ec2.instanceType, type),
  );
  if (countProblems.length > 0 || taskProblems.length > 0) {
    return [...countProblems, ...taskProblems];
  }
  return releaseProblems({ ec2, services }, type);
}

function unknownType(name: string): Problem {
  const known = [...instanceTypes.keys()];
  const near = nearest(name, known);
  return {
    keys: [typeKey],
    finding: `is ${show(name)}`,
    allowed: known.join(", "),
    mend: near === undefined ? "Choose one of them." : `Did you mean ${near}?`,
  };
}

function sizeProblems(
  name: string,
  service: { cpu: number; memory: number },
  typeName: string,
  type: InstanceType,
): Problem[] {
  const resources = [
    { resource: "cpu", wanted: service.cpu, has: type.cpu, unit: "CPU units" },
    { resource: "memory", wanted: service.memory, has: type.memory, unit: "MiB" },
  ];
  return resources
    .filter(({ wanted, has }) => wanted > has)
    .map(({ resource, wanted, has, unit }) => ({
      keys: [["services", name, resource], typeKey],
      finding: `is ${wanted}`,
      allowed: `at most ${has} ${unit}: what a ${typeName} has for tasks`,
      mend: "Lower it, or choose a larger symphainy:ec2.instanceType.",
    }));
}

/** Blue-green runs both releases at once; every service may be released in the same update. */
function releaseProblems(
  { ec2, services }: Pick<ParsedSettings, "ec2" | "services">,
  type: InstanceType,
): Problem[] {
  const tasks = Object.values(services).flatMap(({ cpu, memory, tasks: { max } }) =>
    Array.from({ length: 2 * max }, () => ({ cpu, memory })),
  );
  const instances = instancesFor(tasks, type);
  if (instances <= ec2.maxInstances) return [];
  return [
    {
      keys: [["ec2", "maxInstances"], typeKey, ["services"]],
      finding: `is ${ec2.maxInstances}`,
      allowed:
        `at least ${instances}: a release runs twice the tasks, here up to ${tasks.length}, ` +
        `and a ${ec2.instanceType} takes ${type.tasks} of them at most (${type.cpu} CPU units, ${type.memory} MiB)`,
      mend: `Write ${instances}, choose a larger symphainy:ec2.instanceType, or lower tasks.max.`,
    },
  ];
}
