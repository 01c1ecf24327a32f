import type { CloudRunDeploymentInputs, PromotionInputs } from "../../../../provider/messages.ts";
import { promotionInputs } from "../../support/promotionInputs.ts";
import { serviceName } from "./fakeRun.ts";

export interface CloudRunPromotionInputs extends PromotionInputs {
  deployment: CloudRunDeploymentInputs;
}

/** Inputs of a promotion on Cloud Run whose times are short; every call gives new objects. */
export function runInputs(release = "bbbb", steps: number[] = [100]): CloudRunPromotionInputs {
  const { gate, bake, proof, ...rest } = promotionInputs(release);
  const { header: _header, ...open } = gate;
  return {
    ...rest,
    deployment: {
      kind: "cloudRun",
      cloudRunService: serviceName,
      image: `registry.test/platform@sha256:${release.padEnd(64, "0")}`,
      configuration: `configuration-${release}`,
      strategy: steps.length > 1 ? "CANARY" : "BLUE_GREEN",
      steps,
      scaleUpMinutes: 15,
      connection: { project: "acme", region: "europe-west1" },
    },
    gate: { ...open, url: "http://candidate---platform.test/health" },
    bake: { ...bake, steps, alarms: [] },
    proof,
  };
}
