import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { below } from "../healthChecks.ts";
import type { HealthSpec } from "../healthSpec.ts";
import { DeliveryAccounts } from "./deliveryAccounts.ts";
import { deliveryGate } from "./deliveryGate.ts";
import { deliveryManifest } from "./deliveryManifest.ts";
import type { DeliveryPlan } from "./deliveryPhases.ts";
import {
  automationRules,
  type DeliveryAlerts,
  deliveryStage,
  executionConfig,
} from "./deliveryStages.ts";
import { type DeliverySource, DeliveryTrigger } from "./deliveryTrigger.ts";

export interface DeliveryPipelineArgs {
  project: string;
  /** Of the service, the pipeline and the trigger. */
  region: string;
  /** The service on Cloud Run, which is there before its pipeline, and which Pulumi leaves alone from then on. */
  service: {
    /** Its name on Cloud Run, which pipeline, target and trigger have too; ≤ 37 characters. */
    name: string;
    /** What Pulumi creates it from. Cloud Deploy replaces all of it, so all of it goes into the manifest. */
    declared: gcp.cloudrunv2.ServiceArgs;
    /** What was made of it. */
    resource: Pick<gcp.cloudrunv2.Service, "name" | "uri">;
    /** URL prefix of the service, `/` or without a slash at its end. */
    path: string;
    /** Whether only callers with an identity token are let in. */
    isPrivate: boolean;
  };
  /** Email of what the service runs as. */
  runtimeAccount: pulumi.Input<string>;
  /** What is built on a push. @default nothing: releases are made by hand, of images that exist */
  source?: DeliverySource | undefined;
  health: HealthSpec;
  /**
   * Of the rollout's plan Cloud Deploy knows no more than this: steps in whole percent, the gate's figures, and one
   * number of minutes for all phases, the longest of `stepMinutes` and `bakeMinutes`. CANARY and LINEAR are both nothing
   * but their steps. The other parts it would ignore, so settings have to refuse them where they are written.
   *
   * @throws when a step is no whole number.
   */
  plan: DeliveryPlan;
  /** What undoes a release that has traffic. At least one policy. */
  alerts: DeliveryAlerts;
  /** Whether somebody has to approve each release before it is deployed. @default true */
  requireApproval?: boolean;
  /** What has to be there before: the APIs. @default nothing */
  after?: pulumi.Resource[];
  /** Labels of everything that takes labels. */
  labels: Readonly<Record<string, string>>;
}

/**
 * How releases of one service go live without Pulumi: built on a push, then moved by Cloud Deploy.
 *
 * Pulumi has to leave the service alone from then on, every input of it: an update of any sends the whole service, with
 * the image and the traffic that Pulumi remembers, so a changed label would undo a release.
 */
export class DeliveryPipeline extends pulumi.ComponentResource {
  /** Name of the pipeline and of its target. */
  readonly pipeline: pulumi.Output<string>;
  /** Where the manifest of the next release lies, `gs://…`. */
  readonly manifest: pulumi.Output<string>;

  constructor(name: string, args: DeliveryPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:gcp:DeliveryPipeline", name, {}, opts);
    const child = { parent: this };
    const { project, region, service } = args;
    const labels = { ...args.labels };
    // All else uses one of these, or an account's permission.
    const first = { ...child, dependsOn: args.after ?? [] };
    const place = { project, location: region };

    const bucket = new gcp.storage.Bucket(
      `${name}-releases`,
      {
        ...place,
        uniformBucketLevelAccess: true,
        publicAccessPrevention: "enforced",
        // A roll-back needs what its release was rendered to; all of it goes with the stack.
        forceDestroy: true,
        labels,
      },
      first,
    );
    const accounts = new DeliveryAccounts(
      name,
      {
        project,
        region,
        service: service.resource.name,
        identity: `${region}/${service.name}`,
        runtimeAccount: args.runtimeAccount,
        repositoryId: args.source?.registry.repositoryId,
        bucket: bucket.name,
        isPrivate: service.isPrivate,
        after: args.after ?? [],
      },
      child,
    );

    const { plan, health } = args;
    const target = new gcp.clouddeploy.Target(
      name,
      {
        ...place,
        name: service.name,
        description: `Cloud Run service ${service.name}`,
        run: { location: `projects/${project}/locations/${region}` },
        requireApproval: args.requireApproval ?? true,
        executionConfigs: [
          executionConfig(
            plan,
            accounts.execution.email,
            pulumi.interpolate`gs://${bucket.name}/renders`,
          ),
        ],
        labels,
      },
      { ...child, dependsOn: accounts.grants },
    );
    const gate = deliveryGate({
      health,
      gate: plan.gate,
      healthPath: below(service.path, health.path),
      url: service.resource.uri,
      isPrivate: service.isPrivate,
    });
    const pipeline = new gcp.clouddeploy.DeliveryPipeline(
      name,
      {
        ...place,
        name: service.name,
        description: `Releases of ${name}`,
        serialPipeline: { stages: [deliveryStage(target.name, plan, gate, args.alerts)] },
        labels,
      },
      child,
    );
    // On this pipeline alone, not on the project's others.
    const allow = (role: string, { email }: gcp.serviceaccount.Account) =>
      new gcp.clouddeploy.DeliveryPipelineIamMember(
        `${name}-${role}`,
        {
          ...place,
          name: pipeline.name,
          role: `roles/clouddeploy.${role}`,
          member: pulumi.interpolate`serviceAccount:${email}`,
        },
        child,
      );
    const releaser = allow("releaser", accounts.build);
    const operator = allow("operator", accounts.automation);
    new gcp.clouddeploy.Automation(
      name,
      {
        ...place,
        name: service.name,
        deliveryPipeline: pipeline.name,
        serviceAccount: accounts.automation.email,
        selector: { targets: [{ id: target.name }] },
        rules: automationRules(plan),
        labels,
      },
      { ...child, dependsOn: [...accounts.grants, operator] },
    );

    const manifest = new gcp.storage.BucketObject(
      name,
      {
        bucket: bucket.name,
        name: "manifest/service.yaml",
        contentType: "application/yaml",
        content: pulumi.output(service.declared).apply((declared) =>
          // Every JSON text is YAML, too.
          JSON.stringify(deliveryManifest(declared), null, 2),
        ),
      },
      child,
    );
    this.pipeline = pipeline.name;
    this.manifest = pulumi.interpolate`gs://${bucket.name}/${manifest.name}`;

    if (args.source) {
      new DeliveryTrigger(
        name,
        {
          ...place,
          name: service.name,
          source: args.source,
          serviceAccount: accounts.build.name,
          pipeline: this.pipeline,
          manifest: this.manifest,
          staging: pulumi.interpolate`gs://${bucket.name}/sources`,
          after: [...accounts.grants, releaser],
        },
        child,
      );
    }
    this.registerOutputs({ pipeline: this.pipeline, manifest: this.manifest });
  }
}
