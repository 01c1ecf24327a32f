import type { AwsConnection } from "../provider/messages.ts";
import { awsConfiguration } from "../settings/awsConnection.ts";
import { CannotDo } from "./cannotDo.ts";
import { deliveredElsewhere } from "./deliveredElsewhere.ts";
import type { Pulumi } from "./pulumi.ts";
import {
  type CloudRunServiceInState,
  type EcsServiceInState,
  servicesInState,
} from "./serviceInState.ts";

/** One service of a stack, and how to reach it. */
export type Service = (EcsServiceInState & { connection: AwsConnection }) | CloudRunServiceInState;

/**
 * The services of a stack, by name. Works while an operation holds the stack's lock.
 *
 * @throws CannotDo when there is no such stack, the state does not say how to reach AWS, or Cloud Deploy has the releases.
 */
export async function readServices(pulumi: Pulumi, env: NodeJS.ProcessEnv): Promise<Service[]> {
  const found = servicesInState(await pulumi.json("stack", "export"));
  const services: Service[] = [];
  let configured: AwsConnection | undefined;
  for (const service of found) {
    if (service.kind === "cloudDeploy") throw deliveredElsewhere(service);
    if (service.kind === "cloudRun") services.push(service);
    else {
      const connection = service.connection ?? (configured ??= await readConnection(pulumi, env));
      services.push({ ...service, connection });
    }
  }
  return services;
}

async function readConnection(pulumi: Pulumi, env: NodeJS.ProcessEnv): Promise<AwsConnection> {
  const listed = (await pulumi.json("config", "--json")) as Record<string, { value?: string }>;
  const config = Object.fromEntries(
    Object.entries(listed).map(([key, { value = "" }]) => [key, value]),
  );
  const { connection, problems } = awsConfiguration(config, env);
  if (connection) return connection;
  throw new CannotDo(`The configuration of stack ${pulumi.stack}: ${problems.join(" ")}`);
}
