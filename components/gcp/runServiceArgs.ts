import type * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import { releaseLabel } from "../../provider/messages.ts";
import type { InstanceProbe, InstanceProbes } from "../healthChecks.ts";
import type { Labels } from "./labels.ts";
import { secretVersion } from "./secretVersion.ts";

/** How a service runs on Cloud Run: all that is declared of it but its traffic. */
export interface RunServiceSpec {
  /** Name on Cloud Run; ≤ 37 characters, as the candidate's tag takes its part. */
  serviceName: string;
  project: string;
  location: string;
  /** Id of the release, which each revision is labelled with. */
  release: string;
  /** `repository@sha256:…` */
  image: pulumi.Input<string>;
  port: number;
  /** CPU units of an instance; 1024 are one vCPU. */
  cpu: number;
  /** Memory of an instance in MiB, of which its files take their part. */
  memory: number;
  /** Plain environment; PORT is Cloud Run's own and not in it. */
  environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Environment name → secret, as {@link secretVersion} takes it. */
  secrets: Readonly<Record<string, string>>;
  probes: InstanceProbes;
  /** Email of the account that the instances act as. */
  serviceAccount: pulumi.Input<string>;
  instances: { min: number; max: number };
  /** Requests that an instance takes at once. */
  concurrency: number;
  /** Whether instances have CPU between requests too. */
  cpuAlwaysAllocated: boolean;
  /** Whether an instance has more CPU while it starts. */
  cpuBoost: boolean;
  /** Whether a client is led to the same instance again, as long as it is there. */
  sessionAffinity: boolean;
  /** Seconds that a request may take. */
  requestTimeoutSeconds: number;
  /** Where requests may come from. */
  ingress: keyof typeof ingresses;
  /** The network that instances are in with one foot. @default none */
  network?: { network: string; subnetwork: string; egress: keyof typeof egresses } | undefined;
  /** Whether the service refuses to be deleted. */
  deletionProtection: boolean;
  labels: Labels;
}

const ingresses = {
  all: "INGRESS_TRAFFIC_ALL",
  internal: "INGRESS_TRAFFIC_INTERNAL_ONLY",
  internalAndLoadBalancer: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
} as const;

const egresses = { privateRanges: "PRIVATE_RANGES_ONLY", all: "ALL_TRAFFIC" } as const;

/** A service as the provider takes it, without its traffic. Plain as long as what is handed in is. */
export function runServiceArgs(spec: RunServiceSpec): gcp.cloudrunv2.ServiceArgs {
  return {
    name: spec.serviceName,
    project: spec.project,
    location: spec.location,
    ingress: ingresses[spec.ingress],
    // The provider's own default is true.
    deletionProtection: spec.deletionProtection,
    labels: { ...spec.labels },
    template: {
      // No name of a revision: a fixed one would be refused when a release comes a second time.
      labels: { ...spec.labels, [releaseLabel]: spec.release },
      serviceAccount: spec.serviceAccount,
      timeout: `${spec.requestTimeoutSeconds}s`,
      maxInstanceRequestConcurrency: spec.concurrency,
      sessionAffinity: spec.sessionAffinity,
      // Those of the revision, not of the service: a candidate has its instances before it has traffic.
      scaling: { minInstanceCount: spec.instances.min, maxInstanceCount: spec.instances.max },
      containers: [container(spec)],
      ...(spec.network && { vpcAccess: vpcAccess(spec.network) }),
    },
  };
}

function container(spec: RunServiceSpec): gcp.types.input.cloudrunv2.ServiceTemplateContainer {
  const { path, startup, liveness, readiness } = spec.probes;
  const probe = <Probe extends InstanceProbe>(times: Probe) => ({
    ...times,
    httpGet: { path, port: spec.port },
  });
  return {
    image: spec.image,
    ports: { containerPort: spec.port },
    envs: [...plainVariables(spec), ...secretVariables(spec)],
    resources: {
      limits: { cpu: cpuQuantity(spec.cpu), memory: `${spec.memory}Mi` },
      cpuIdle: !spec.cpuAlwaysAllocated,
      startupCpuBoost: spec.cpuBoost,
    },
    startupProbe: probe(startup),
    livenessProbe: probe(liveness),
    readinessProbe: probe(readiness),
  };
}

function plainVariables({ environment }: RunServiceSpec) {
  return sorted(environment).map(([name, value]) => ({ name, value }));
}

function secretVariables({ secrets, project: own }: RunServiceSpec) {
  return sorted(secrets).map(([name, reference]) => {
    const { project, secret, version } = secretVersion(reference);
    // Cloud Run knows those of its own project by their bare name.
    const full = project === own ? secret : `projects/${project}/secrets/${secret}`;
    return { name, valueSource: { secretKeyRef: { secret: full, version } } };
  });
}

function vpcAccess({
  network,
  subnetwork,
  egress,
}: NonNullable<RunServiceSpec["network"]>): gcp.types.input.cloudrunv2.ServiceTemplateVpcAccess {
  return { egress: egresses[egress], networkInterfaces: [{ network, subnetwork }] };
}

/** CPU units as Kubernetes, and so Cloud Run, writes them when it is left to it: 1024 are `1`, 512 are `500m`. */
function cpuQuantity(units: number): string {
  return units % 1024 === 0 ? String(units / 1024) : `${(units * 1000) / 1024}m`;
}

/** By name: the order in the settings must not make a new revision. */
function sorted<Value>(record: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
