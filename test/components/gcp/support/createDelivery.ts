import * as pulumi from "@pulumi/pulumi";
import {
  DeliveryPipeline,
  type DeliveryPipelineArgs,
} from "../../../../components/gcp/deliveryPipeline.ts";
import { defaultHealth } from "../../../../components/healthSpec.ts";
import { defaultRollout } from "../../../../components/rolloutPlan.ts";
import { record } from "../../../support/mocks.ts";
import { deliveredTemplate } from "./deliveredTemplate.ts";

const serviceName = "symphainy-test-platform";

/** What a stack hands in. */
export function deliveryArgs(): DeliveryPipelineArgs {
  return {
    project: "p",
    region: "europe-west1",
    service: {
      name: serviceName,
      declared: {
        name: serviceName,
        location: "europe-west1",
        ingress: "INGRESS_TRAFFIC_ALL",
        labels: { project: "symphainy" },
        template: deliveredTemplate,
      },
      resource: {
        name: pulumi.output(serviceName),
        uri: pulumi.output("https://platform-uid-ew.a.run.app"),
      },
      path: "/api",
      isPrivate: false,
    },
    runtimeAccount: "run@p.iam.gserviceaccount.com",
    source: {
      repository: "projects/p/locations/europe-west1/connections/c/repositories/r",
      context: "platform",
      dockerfile: "platform/Dockerfile",
      registry: {
        repositoryId: "symphainy-test-platform",
        image: "europe-west1-docker.pkg.dev/p/symphainy-test-platform/platform",
      },
    },
    health: defaultHealth,
    plan: { ...defaultRollout, steps: [10, 100] },
    alerts: { policies: ["projects/p/alertPolicies/1"] },
    labels: { project: "symphainy" },
  };
}

/** Creates a pipeline on mocks. */
export function createDelivery(changes: Partial<DeliveryPipelineArgs> = {}) {
  return record(() => new DeliveryPipeline("platform", { ...deliveryArgs(), ...changes }));
}
