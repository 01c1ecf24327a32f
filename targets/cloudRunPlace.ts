import type * as pulumi from "@pulumi/pulumi";
import type { DeployedService } from "../components/gcp/deployedServices.ts";
import type { Labels } from "../components/gcp/labels.ts";
import type { RunService } from "../components/gcp/runService.ts";
import type { RecordedPromotion } from "../components/recordedPromotions.ts";
import type { ServiceSettings } from "../settings.ts";
import type { Pins } from "./pins.ts";
import type { ServiceOutputs } from "./target.ts";

/** What has to be known of a service's promotion. */
export type Recorded = Pick<RecordedPromotion, "live" | "drift">;

/** What the services of a target on Cloud Run share. */
export interface CloudRunPlace {
  /** Names of the Pulumi project and its stack, which those of all resources begin with. */
  project: string;
  stack: string;
  /** Services that are held at a release. */
  pins: Pins;
  /** By service: what is recorded of its promotion. */
  recorded: ReadonlyMap<string, Recorded>;
  /** By full name on Cloud Run: the services that are there. */
  deployed: ReadonlyMap<string, DeployedService>;
  /** The APIs that everything waits for. */
  apis: pulumi.Resource[];
  labels: Labels;
}

/** A service on Cloud Run, with whatever brings its releases live. */
export interface ServiceOnCloudRun {
  service: ServiceSettings;
  /** Its name on Cloud Run. */
  serviceName: string;
  runService: RunService;
  /** What a caller waits for. */
  ready: pulumi.Resource;
  /** Of its host, without a path. */
  url: pulumi.Output<string>;
  outputs: ServiceOutputs;
}
