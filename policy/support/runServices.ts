import type { ServiceArgs } from "@pulumi/gcp/cloudrunv2/index.js";
import type { ReportViolation, ResourceValidation } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";
import { onType } from "./onType.ts";

/** Type of a service on Cloud Run. */
export const runService = "gcp:cloudrunv2/service:Service";

/** Type of a pipeline of Cloud Deploy. */
export const deliveryPipeline = "gcp:clouddeploy/deliveryPipeline:DeliveryPipeline";

type RunTemplate = Unwrap<ServiceArgs>["template"];
type RunContainer = NonNullable<RunTemplate["containers"]>[number];

/** Judges each container of a service on Cloud Run; the report names the container. */
export function onRunContainer(
  judge: (container: RunContainer, report: ReportViolation) => void,
): ResourceValidation {
  return onType<ServiceArgs>(runService, ({ template }, report) => {
    for (const [index, container] of (template.containers ?? []).entries()) {
      const name = container.name ?? `number ${index + 1}`;
      judge(container, (message) => report(`Container ${name}: ${message}`));
    }
  });
}
