import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import type { ECS, ECSClientConfig } from "@aws-sdk/client-ecs";
import type { ElasticLoadBalancingV2 } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsConnection } from "../messages.ts";

/**
 * Polls of a promotion share an account's request quota with everything else that runs there, so they give way:
 * adaptive mode slows down at the first throttled answer, and retries with jitter.
 */
const retries = { retryMode: "adaptive", maxAttempts: 8 } as const;

/**
 * Without limits a connection that nobody answers would hold a promotion, and its roll-back, for ever. Milliseconds
 * of real time; each try has them anew.
 */
const requestHandler = {
  connectionTimeout: 5_000,
  requestTimeout: 20_000,
  throwOnRequestTimeout: true,
} as const;

type ClientConfig = Pick<
  ECSClientConfig,
  "region" | "profile" | "credentials" | "endpoint" | "retryMode" | "maxAttempts" | "requestHandler"
>;

/** Loads the SDK, which takes a moment, only when a cloud is really asked. */
export async function ecsClient(connection: AwsConnection): Promise<ECS> {
  const { ECS } = await import("@aws-sdk/client-ecs");
  return new ECS(await clientConfig(connection, ["ecs"]));
}

export async function cloudWatchClient(connection: AwsConnection): Promise<CloudWatch> {
  const { CloudWatch } = await import("@aws-sdk/client-cloudwatch");
  return new CloudWatch(
    await clientConfig(connection, ["cloudwatch", "cloudwatchmetrics", "monitoring"]),
  );
}

export async function loadBalancingClient(
  connection: AwsConnection,
): Promise<ElasticLoadBalancingV2> {
  const { ElasticLoadBalancingV2 } = await import("@aws-sdk/client-elastic-load-balancing-v2");
  const names = ["elbv2", "elb", "elasticloadbalancingv2", "elasticloadbalancing"];
  return new ElasticLoadBalancingV2(await clientConfig(connection, names));
}

/** @param names - under which `aws:endpoints` may know the service. */
export async function clientConfig(
  { region, profile, assumeRole, endpoints }: AwsConnection,
  names: readonly string[],
): Promise<ClientConfig> {
  const endpoint = names.map((name) => endpoints?.[name]).find((url) => url !== undefined);
  const config: ClientConfig = { region, requestHandler, ...retries };
  if (profile !== undefined) config.profile = profile;
  if (endpoint !== undefined) config.endpoint = endpoint;
  if (assumeRole) {
    const { fromNodeProviderChain, fromTemporaryCredentials } = await import(
      "@aws-sdk/credential-providers"
    );
    config.credentials = fromTemporaryCredentials({
      masterCredentials: fromNodeProviderChain(profile === undefined ? {} : { profile }),
      params: {
        RoleArn: assumeRole.roleArn,
        RoleSessionName: assumeRole.sessionName ?? "rollout",
        ...(assumeRole.externalId === undefined ? {} : { ExternalId: assumeRole.externalId }),
      },
      clientConfig: {
        region,
        ...(endpoints?.sts === undefined ? {} : { endpoint: endpoints.sts }),
      },
    });
  }
  return config;
}
