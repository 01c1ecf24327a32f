import type {
  CapacityProvider,
  CapacityProviderStrategyItem,
  Cluster,
  CreateCapacityProviderRequest,
  CreateClusterRequest,
  Failure,
  PutClusterCapacityProvidersRequest,
} from "@aws-sdk/client-ecs";
import { AwsError } from "../awsError.ts";
import { ecsArn, nameOf } from "./arns.ts";
import { fargateProviders, type Provider } from "./capacityProviders.ts";
import { missing } from "./describe.ts";
import type { EcsContext } from "./ports.ts";

/** Clusters, and the capacity providers that they may use. */
export class Clusters {
  readonly #clusters = new Map<string, Cluster>();
  readonly #providers = new Map<string, CapacityProvider>();
  readonly #context: EcsContext;

  constructor(context: EcsContext) {
    this.#context = context;
  }

  /** The same name again gives the same cluster, as the API does. */
  create({
    clusterName = "default",
    settings,
    configuration,
  }: CreateClusterRequest): Cluster & { clusterArn: string } {
    if (this.has(clusterName)) return this.get(clusterName);
    const cluster = {
      clusterArn: ecsArn(this.#context, `cluster/${clusterName}`),
      clusterName,
      status: "ACTIVE",
      settings,
      configuration,
      capacityProviders: [],
      defaultCapacityProviderStrategy: [],
    };
    this.#clusters.set(clusterName, cluster);
    return cluster;
  }

  has(nameOrArn = "default"): boolean {
    return this.#clusters.has(nameOf(nameOrArn));
  }

  /** @throws AwsError ClusterNotFoundException. */
  get(nameOrArn = "default"): Cluster & { clusterName: string; clusterArn: string } {
    const cluster = this.#clusters.get(nameOf(nameOrArn));
    if (!cluster) throw new AwsError("ClusterNotFoundException", "Cluster not found.");
    const { clusterName = "", clusterArn = "" } = cluster;
    return { ...cluster, clusterName, clusterArn };
  }

  /**
   * @param services - names of its services.
   * @throws AwsError ClusterContainsServicesException, ClusterContainsContainerInstancesException.
   */
  delete(nameOrArn: string, services: readonly string[]): Cluster {
    const cluster = this.get(nameOrArn);
    if (services.length > 0) {
      throw new AwsError(
        "ClusterContainsServicesException",
        `The Cluster cannot be deleted while Services are active (${services.join(", ")}).`,
      );
    }
    const instances = [...this.#providers.values()]
      .flatMap((provider) => this.#context.autoScaling.instances(groupOf(provider)))
      .filter((instance) => instance.clusterName === cluster.clusterName && instance.active);
    if (instances.length > 0) {
      throw new AwsError(
        "ClusterContainsContainerInstancesException",
        `The Cluster cannot be deleted while Container Instances are active or draining (${instances.length}).`,
      );
    }
    this.#clusters.delete(cluster.clusterName);
    return { ...cluster, status: "INACTIVE" };
  }

  describe(names: readonly string[]): { clusters: Cluster[]; failures: Failure[] } {
    return {
      clusters: names.flatMap((name) => this.#clusters.get(nameOf(name)) ?? []),
      failures: missing(names, (name) => this.has(name)),
    };
  }

  /** @throws AwsError InvalidParameterException, ClientException. */
  createProvider(input: CreateCapacityProviderRequest): CapacityProvider {
    const { name = "", autoScalingGroupProvider, tags } = input;
    if (this.#providers.has(name)) {
      throw new AwsError(
        "ClientException",
        `The specified capacity provider already exists: ${name}. To change its configuration, update it.`,
      );
    }
    if (/^(aws|ecs|fargate)/i.test(name)) {
      throw new AwsError(
        "ClientException",
        `The capacity provider name '${name}' is invalid: it must not begin with aws, ecs or fargate.`,
      );
    }
    const group = this.#context.autoScaling.group(
      autoScalingGroupProvider?.autoScalingGroupArn ?? "",
    );
    if (!autoScalingGroupProvider || !group) {
      throw new AwsError(
        "ClientException",
        `The specified Auto Scaling group ARN is invalid: ${autoScalingGroupProvider?.autoScalingGroupArn}.`,
      );
    }
    const { managedTerminationProtection } = autoScalingGroupProvider;
    if (managedTerminationProtection === "ENABLED" && !group.protectedFromScaleIn) {
      throw new AwsError(
        "InvalidParameterException",
        "The managed termination protection setting for the capacity provider is invalid. To enable managed " +
          "termination protection for a capacity provider, the Auto Scaling group must have instance protection " +
          "from scale in enabled.",
      );
    }
    const provider: CapacityProvider = {
      capacityProviderArn: ecsArn(this.#context, `capacity-provider/${name}`),
      name,
      status: "ACTIVE",
      autoScalingGroupProvider,
      tags,
    };
    this.#providers.set(name, provider);
    return provider;
  }

  /** @throws AwsError ResourceInUseException, when a cluster still uses it. */
  deleteProvider(nameOrArn: string): CapacityProvider {
    const provider = this.#provider(nameOrArn);
    const { name = "" } = provider;
    const user = [...this.#clusters.values()].find(({ capacityProviders = [] }) =>
      capacityProviders.includes(name),
    );
    if (user) {
      throw new AwsError(
        "ResourceInUseException",
        `The specified capacity provider is in use and cannot be removed: ${name}, by ${user.clusterName}.`,
      );
    }
    this.#providers.delete(name);
    return { ...provider, status: "INACTIVE" };
  }

  describeProviders(names: readonly string[] | undefined): CapacityProvider[] {
    const all = [
      ...fargateProviders.map((name) => this.#provider(name)),
      ...this.#providers.values(),
    ];
    if (!names) return all;
    return names.flatMap((name) => all.filter((provider) => provider.name === nameOf(name)));
  }

  /** @returns providers that the cluster has now and had not before. */
  putProviders(input: PutClusterCapacityProvidersRequest): { cluster: Cluster; added: Provider[] } {
    const { clusterName } = this.get(input.cluster);
    const cluster = this.#clusters.get(clusterName) ?? {};
    const names = (input.capacityProviders ?? []).map((one) => this.#provider(one).name ?? "");
    for (const { capacityProvider = "" } of input.defaultCapacityProviderStrategy ?? []) {
      if (names.includes(nameOf(capacityProvider))) continue;
      throw new AwsError(
        "InvalidParameterException",
        `The default strategy names ${capacityProvider}, which is not among the cluster's providers: ${names.join(", ")}.`,
      );
    }
    const added = names.filter((name) => !cluster.capacityProviders?.includes(name));
    cluster.capacityProviders = names;
    cluster.defaultCapacityProviderStrategy = input.defaultCapacityProviderStrategy;
    return { cluster, added: added.map((name) => asProvider(this.#provider(name))) };
  }

  /**
   * The providers that a strategy means, in its order; without one, the cluster's default.
   *
   * @throws AwsError InvalidParameterException, when the cluster does not have one of them.
   */
  providersOf(clusterName: string, strategy: readonly CapacityProviderStrategyItem[]): Provider[] {
    const cluster = this.get(clusterName);
    const items = strategy.length > 0 ? strategy : (cluster.defaultCapacityProviderStrategy ?? []);
    const names = items.map(({ capacityProvider = "" }) => nameOf(capacityProvider));
    for (const name of names) {
      if (cluster.capacityProviders?.includes(name)) continue;
      throw new AwsError(
        "InvalidParameterException",
        `The specified capacity provider '${name}' was not found in cluster ${clusterName}. It has: ` +
          `${cluster.capacityProviders?.join(", ") || "none"}.`,
      );
    }
    const kinds = new Set(names.map((name) => fargateProviders.includes(name)));
    if (kinds.size > 1) {
      throw new AwsError(
        "InvalidParameterException",
        "A capacity provider strategy can contain Fargate or Auto Scaling group capacity providers, but not both.",
      );
    }
    if (names.length > 0) {
      return items.map((item) =>
        asProvider(this.#provider(nameOf(item.capacityProvider ?? "")), item),
      );
    }
    // Without a strategy a task may still go to the cluster's instances, but they do not follow it.
    return (cluster.capacityProviders ?? []).map((name) => ({
      ...asProvider(this.#provider(name)),
      managedScaling: { status: "DISABLED" },
    }));
  }

  /** Of every capacity provider's instances. */
  instanceIds(): Set<string> {
    const { autoScaling } = this.#context;
    const instances = [...this.#providers.values()].flatMap((provider) =>
      autoScaling.instances(groupOf(provider)),
    );
    return new Set(instances.map(({ instanceId }) => instanceId));
  }

  inventory(): string[] {
    return [
      ...[...this.#clusters.keys()].map((name) => `cluster ${name}`),
      ...[...this.#providers.keys()].map((name) => `capacity provider ${name}`),
    ];
  }

  #provider(nameOrArn: string): CapacityProvider {
    if (fargateProviders.includes(nameOf(nameOrArn))) {
      return { name: nameOf(nameOrArn), status: "ACTIVE" };
    }
    const provider = this.#providers.get(nameOf(nameOrArn));
    if (provider) return provider;
    throw new AwsError(
      "ClientException",
      `The specified capacity provider does not exist: ${nameOrArn}. Specify a valid name or ARN and try again.`,
    );
  }
}

function asProvider(
  provider: CapacityProvider,
  { base = 0, weight = 1 }: Partial<CapacityProviderStrategyItem> = {},
): Provider {
  const share = { name: provider.name ?? "", base, weight };
  if (fargateProviders.includes(share.name)) return { ...share, kind: "fargate" };
  return {
    ...share,
    kind: "instances",
    autoScalingGroupArn: groupOf(provider),
    managedScaling: provider.autoScalingGroupProvider?.managedScaling ?? { status: "DISABLED" },
  };
}

function groupOf({ autoScalingGroupProvider }: CapacityProvider): string {
  return autoScalingGroupProvider?.autoScalingGroupArn ?? "";
}
