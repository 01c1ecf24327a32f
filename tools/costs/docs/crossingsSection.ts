import { instanceTypes } from "../../../settings/instanceTypes.ts";
import { sizeText } from "../cells.ts";
import { crossingOf } from "../compare.ts";
import type { EcsPlan } from "../ecsPlan.ts";
import { mdTable } from "./mdTable.ts";
import { shownSizes } from "./shownSizes.ts";

const types = ["t3.small", "t3.large", "t3.xlarge", "m6i.large", "c6i.xlarge", "m6i.2xlarge"];

/** From how many tasks which instances cost less, by the size of a task. */
export function crossingsSection(plan: EcsPlan): string {
  const rows = shownSizes.map((size) => {
    const cells = types.map((name) => {
      const type = instanceTypes.get(name);
      if (type === undefined) throw new Error(`${name} is not known`);
      const ec2 = { ...plan.ec2, instanceType: name, type };
      const { perInstance, cheaper } = crossingOf({ ...plan, ec2 }, size, 0);
      if (perInstance === 0) return "too large";
      return cheaper === undefined ? "never" : `from ${cheaper.always}`;
    });
    return [sizeText(size), ...cells];
  });
  return `## Where instances cost less than Fargate

A stack with one service of such tasks, in ${plan.region}, on demand, with at least ${plan.ec2.minInstances} instances: from so many tasks on
the instances cost less, always. A task has a network interface of its own, so an instance holds few, however large it
is: it pays for tasks that fill it. A t3 may use a part of its CPU only, for long.

${mdTable([["a task", ...types], ...rows])}
`;
}
