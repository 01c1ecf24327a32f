import * as pulumi from "@pulumi/pulumi";

/**
 * A hook that refuses, at preview already, to take a service from `ROLLING` to a strategy that shifts
 * traffic, or back: ECS would go on looking for the live tasks in the group that the other strategy
 * had them in, and the program ignores what it is told of groups once a service exists.
 */
export function keepStrategy(name: string): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    `${name}-keep-strategy`,
    ({ oldInputs, newInputs }) => {
      const before = strategyIn(oldInputs);
      const after = strategyIn(newInputs);
      if (before === after || (before !== "ROLLING" && after !== "ROLLING")) return;
      throw new Error(
        `symphainy:rollout.strategy is ${after}, but service ${name} exists with ${before}, and ` +
          "ECS can't take a service from ROLLING to a strategy that shifts traffic, or back. " +
          `Set it back to ${before}; or bring up another stack with ${after}, move the clients ` +
          "there, and destroy this one.",
      );
    },
    { onDryRun: true },
  );
}

/** ECS's own default where a service names none. */
function strategyIn(inputs: unknown): string {
  const configuration = member(inputs, "deploymentConfiguration");
  const strategy = member(configuration, "strategy");
  return typeof strategy === "string" ? strategy : "ROLLING";
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
