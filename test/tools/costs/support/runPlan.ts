import type { CloudRunPlan } from "../../../../tools/costs/cloudRunPlan.ts";
import { plan } from "./plan.ts";

/** A stack with one small service on Cloud Run in Belgium, of which one instance is kept. */
export function runPlan(overrides: Partial<CloudRunPlan> = {}): CloudRunPlan {
  const services = [{ name: "platform", cpu: 1024, memory: 512, tasks: { min: 1, max: 4 } }];
  return {
    stack: "test",
    region: "europe-west1",
    capacity: "CLOUDRUN",
    services,
    cpuAlwaysAllocated: false,
    ecs: plan({ services }),
    ...overrides,
  };
}
