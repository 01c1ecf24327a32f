import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Strategy } from "../../provider/messages.ts";
import { awsLogs, type LogTarget } from "./awsLogs.ts";
import { connectProxy } from "./connectProxy.ts";
import { shiftsTraffic } from "./deploymentConfiguration.ts";

export interface ServiceConnectArgs {
  /** Name of the service: what those that call it name, and what its entry in the namespace is called. */
  name: string;
  /** ARN of the Cloud Map namespace. */
  namespace: pulumi.Input<string>;
  /** Port that the container listens on, and that callers name. Absent where nobody calls the service. */
  port?: number;
  /**
   * Seconds without a byte after which a connection is closed. As with the load balancer, it has to be less than what
   * the platform keeps an idle connection for.
   */
  idleTimeoutSeconds: number;
  strategy: Strategy;
  /** Header that leads a call to a candidate before its gate; the value is secret. */
  testHeader: { name: string; value: pulumi.Input<string> };
  logs: LogTarget;
}

type ServiceConnectConfiguration = aws.types.input.ecs.ServiceServiceConnectConfiguration;

/** Name of the one port mapping of a service in its task definition. */
export const portName = "http";

/**
 * What makes a service part of a namespace: it can call what is called there and, with a port, be called itself as
 * `http://name:port`.
 *
 * Time-outs are those of the load balancer, which cuts nothing that sends a byte now and then; ECS's own default ends
 * every request after 15 seconds. While a release is deployed, calls follow the production traffic. Without a rule of
 * its own, whoever sends `x-amzn-ecs-blue-green-test` would reach a candidate: here that takes the secret.
 */
export function serviceConnectConfiguration(args: ServiceConnectArgs): ServiceConnectConfiguration {
  const { name, namespace, port, idleTimeoutSeconds, strategy, testHeader, logs } = args;
  const { name: header, value } = testHeader;
  const test = { testTrafficRules: [{ header: { name: header, value: { exact: value } } }] };
  return {
    enabled: true,
    namespace,
    logConfiguration: awsLogs({ ...logs, prefix: `${name}-connect` }),
    ...(port !== undefined && {
      services: [
        {
          portName,
          discoveryName: name,
          clientAlias: [{ dnsName: name, port, ...(shiftsTraffic(strategy) && test) }],
          ingressPortOverride: connectProxy.port,
          timeout: { idleTimeoutSeconds, perRequestTimeoutSeconds: 0 },
        },
      ],
    }),
  };
}
