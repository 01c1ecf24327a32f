import type * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";

/** A Cloud Run service as Pulumi declares it, all values known. */
export type DeliveredService = pulumi.Unwrap<gcp.cloudrunv2.ServiceArgs>;
export type DeliveredTemplate = DeliveredService["template"];
