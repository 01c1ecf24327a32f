import * as pulumi from "@pulumi/pulumi";
import { type LiveRelease, type PromotionInputs, promotionToken } from "../provider/messages.ts";

export type PromotionArgs = pulumi.Inputs & {
  [Key in keyof PromotionInputs]: pulumi.Input<Deep<PromotionInputs[Key]>>;
};

/** A value any part of which may be known only later. */
type Deep<T> = T extends (infer Item)[]
  ? pulumi.Input<Deep<Item>>[]
  : T extends object
    ? { [Key in keyof T]: pulumi.Input<Deep<T[Key]>> }
    : T;

/** A release on its way to being live: served by the `rollout` provider in this repository. */
export class Promotion extends pulumi.CustomResource {
  /** What takes production traffic; undefined while nothing has ever gone live. */
  declare readonly live: pulumi.Output<LiveRelease | undefined>;

  constructor(name: string, args: PromotionArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      promotionToken,
      name,
      { ...args, live: undefined },
      // The gate's header lets its owner talk to a release that nobody has approved yet.
      pulumi.mergeOptions({ additionalSecretOutputs: ["gate"] }, opts),
    );
  }
}
