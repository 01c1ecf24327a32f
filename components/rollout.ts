import * as pulumi from "@pulumi/pulumi";
import type { LatencyObjective, LiveRelease } from "../provider/messages.ts";
import { gateInputs } from "./healthChecks.ts";
import type { HealthSpec } from "./healthSpec.ts";
import { Promotion, type PromotionArgs } from "./promotion.ts";
import { type RolloutPlan, rolloutPace } from "./rolloutPlan.ts";

export interface RolloutArgs {
  /** Name of the service in the settings. */
  service: string;
  /** Content hash of image and runtime configuration. */
  release: pulumi.Input<string>;
  plan: RolloutPlan;
  health: HealthSpec;
  /** Where the release is deployed; everything that starts a deployment there has to be in it. */
  deployment: PromotionArgs["deployment"];
  /** Public URL of the health endpoint. */
  healthUrl: pulumi.Input<string>;
  /** URL of the health endpoint that only the candidate answers. @default the public one */
  candidateUrl?: pulumi.Input<string>;
  /** Audience of the identity token that gate and proof need. @default they need none */
  audience?: pulumi.Input<string>;
  /** Where requests have to come from, in words. @default anywhere */
  onlyFrom?: string | undefined;
  /** Header that leads a probe to the candidate. */
  testHeader?: { name: pulumi.Input<string>; value: pulumi.Input<string> };
  /** The alarms that undo the release while it has traffic, and the traffic that each watches; none on Cloud Run. */
  alarms: { name: pulumi.Input<string>; watches: pulumi.Input<string> }[];
  /** Share of the candidate's answers that may be 5xx, in percent: what its alarms say too. */
  errorPercent: number;
  /** What its latency may never be for long: what its alarm says too, where there is one. */
  objective: LatencyObjective;
}

/** How a release of one service becomes live: gate, shift, bake, proof. */
export class Rollout extends pulumi.ComponentResource {
  /** What takes production traffic; undefined while nothing has ever gone live. */
  readonly live: pulumi.Output<LiveRelease | undefined>;

  constructor(name: string, args: RolloutArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:index:Rollout", name, {}, opts);
    const { plan, audience, onlyFrom } = args;
    const access = {
      ...(audience !== undefined && { audience }),
      ...(onlyFrom !== undefined && { onlyFrom }),
    };
    const promotion = new Promotion(
      name,
      {
        service: args.service,
        release: args.release,
        deployment: args.deployment,
        gate: {
          url: args.candidateUrl ?? args.healthUrl,
          ...access,
          ...(args.testHeader && { header: args.testHeader }),
          ...gateInputs(args.health, plan.gate),
        },
        bake: {
          minutes: plan.bakeMinutes,
          steps: plan.steps,
          stepMinutes: plan.stepMinutes,
          alarms: args.alarms,
          intervalSeconds: rolloutPace.alarmIntervalSeconds,
          analysis: {
            ...plan.analysis,
            errorPercent: args.errorPercent,
            objective: args.objective,
          },
        },
        proof: { url: args.healthUrl, ...access, ...rolloutPace.proof },
      },
      // No customTimeouts: the provider works its limit out of the plan.
      { parent: this },
    );
    this.live = promotion.live;
    this.registerOutputs({ live: this.live });
  }
}
