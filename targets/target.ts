import type * as pulumi from "@pulumi/pulumi";

/**
 * The contract that every target keeps: the same settings in, the same outputs out, whatever runs underneath.
 * `index.ts` knows nothing else of a target.
 */
export interface Target {
  /** Public base URL, without a trailing slash. */
  readonly url: pulumi.Output<string>;
  /** By service name: what takes production traffic, as the promotion saw it. */
  readonly services: Record<string, ServiceOutputs>;
}

export interface ServiceOutputs {
  /** Public URL of this service. */
  readonly url: pulumi.Output<string>;
  /**
   * Release id of what is live; undefined, as what else is said of it, while nothing has ever gone live, and always
   * where others than this program bring releases live.
   */
  readonly release: pulumi.Output<string | undefined>;
  /** When it went live, ISO 8601. */
  readonly since: pulumi.Output<string | undefined>;
  /** The image it runs, by digest; undefined where others bring releases live. */
  readonly image: pulumi.Output<string | undefined>;
  /** The cloud's own name of the live revision. */
  readonly revision: pulumi.Output<string | undefined>;
}
