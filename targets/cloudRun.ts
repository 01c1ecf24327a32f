import * as pulumi from "@pulumi/pulumi";
import { Apis } from "../components/gcp/apis.ts";
import { releaseOrder } from "../components/serviceCalls.ts";
import { describeProblem, SettingsError } from "../settings/problems.ts";
import type { CloudRunSettings, ServiceSettings } from "../settings.ts";
import { deliverOnCloudRun } from "./cloudRunDelivery.ts";
import type { CloudRunPlace, ServiceOnCloudRun } from "./cloudRunPlace.ts";
import { releaseOnCloudRun } from "./cloudRunRelease.ts";
import type { ServiceOutputs, Target } from "./target.ts";

/** What is known of a stack before its program has made anything. */
export type KnownReleases = Pick<CloudRunPlace, "pins" | "recorded" | "deployed">;

/** The platform on Google Cloud Run. */
export class CloudRunTarget extends pulumi.ComponentResource implements Target {
  readonly url: pulumi.Output<string>;
  readonly services: Record<string, ServiceOutputs>;

  /** @throws SettingsError when services call one another in a circle. */
  constructor(
    name: string,
    settings: CloudRunSettings,
    known: KnownReleases,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const services = inOrder(Object.values(settings.services));
    super("symphainy:index:CloudRunTarget", name, {}, opts);
    const stack = pulumi.getStack();
    const apis = settings.cloudRun.enableApis
      ? new Apis(
          name,
          { project: settings.gcp.project, names: usedApis(services, settings.delivery) },
          { parent: this },
        ).enabled
      : [];
    const place: CloudRunPlace = {
      ...known,
      project: name,
      stack,
      apis,
      labels: {
        project: pulumi.getProject(),
        stack,
        "managed-by": "pulumi",
        ...settings.tags,
      },
    };
    const bringLive = settings.delivery === "pulumi" ? releaseOnCloudRun : deliverOnCloudRun;
    const made = new Map<string, ServiceOnCloudRun>();
    for (const service of services) {
      const called = service.calls.flatMap((other) => made.get(other) ?? []);
      made.set(service.name, bringLive(service, settings, place, called, this));
    }
    this.services = Object.fromEntries([...made].map(([key, { outputs }]) => [key, outputs]));
    // Each service has a host of its own; the stack's is that of the one without a path, if there is one.
    const [front] = [...made.values()].toSorted(
      (a, b) => a.service.path.length - b.service.path.length,
    );
    if (front === undefined) throw new Error("settings were checked to have a service");
    this.url = front.url;
    this.registerOutputs({ url: this.url, services: this.services });
  }
}

/** What is called comes before what calls it: its URL is known only when it is there. */
function inOrder(services: readonly ServiceSettings[]): ServiceSettings[] {
  return releaseOrder(services).flatMap((group) => {
    const [first] = group;
    if (group.length > 1 || first?.calls.includes(first.name)) throw circle(group);
    return group;
  });
}

function circle(group: readonly ServiceSettings[]): SettingsError {
  const names = group.map(({ name }) => name);
  const problem = describeProblem({
    keys: names.map((name) => ["services", name, "calls"]),
    finding: `is part of a circle: ${names.join(", ")} call one another`,
    allowed:
      "calls that lead back to no caller, as Cloud Run gives a service its URL when it is made",
    mend: "Take one of the calls out, or deploy to ec2 or fargate, where services find each other by name.",
  });
  return new SettingsError(pulumi.getStack(), [problem]);
}

/** APIs that the services make use of. */
function usedApis(
  services: readonly ServiceSettings[],
  delivery: CloudRunSettings["delivery"],
): string[] {
  const some = (condition: (service: ServiceSettings) => boolean, api: string) =>
    services.some(condition) ? [api] : [];
  return [
    "run.googleapis.com",
    "iam.googleapis.com",
    "monitoring.googleapis.com",
    ...some(({ image }) => image.kind === "build", "artifactregistry.googleapis.com"),
    ...some(({ secrets }) => Object.keys(secrets).length > 0, "secretmanager.googleapis.com"),
    ...(delivery === "cloudDeploy"
      ? ["cloudbuild.googleapis.com", "clouddeploy.googleapis.com", "storage.googleapis.com"]
      : []),
  ];
}
