import type {
  DeploymentConfiguration,
  ServiceConnectConfiguration,
  ServiceConnectService,
} from "@aws-sdk/client-ecs";
import { expect } from "chai";
import type { EcsArgs } from "../../../../rehearsal/cloud/ecs/ecsContext.ts";
import type { CallRoute } from "../../../../rehearsal/cloud/elb/calls.ts";
import { openWorld } from "./world.ts";

const namespace = "arn:aws:servicediscovery:eu-central-1:123456789012:namespace/ns-1";
export const secret = "let-me-see-the-candidate";

export const endpoint = (name: string): ServiceConnectService => ({
  portName: "http",
  discoveryName: name,
  clientAliases: [
    {
      dnsName: name,
      port: 8000,
      testTrafficRules: { header: { name: "x-test", value: { exact: secret } } },
    },
  ],
  ingressPortOverride: 20_080,
  timeout: { idleTimeoutSeconds: 60, perRequestTimeoutSeconds: 0 },
});
export const callable = (name: string): ServiceConnectConfiguration => ({
  enabled: true,
  namespace,
  services: [endpoint(name)],
});
export const client: ServiceConnectConfiguration = { enabled: true, namespace };

export interface Made {
  release: string;
  connect?: ServiceConnectConfiguration;
  strategy?: DeploymentConfiguration;
  securityGroups?: string[];
  memory?: string;
  named?: boolean;
}

/** A cluster in which services call each other. */
export async function openConnectWorld(options: Partial<EcsArgs> = {}) {
  const world = await openWorld({ namespaces: (arn) => arn === namespace, ...options });

  async function define({ release, memory = "512", named = true }: Made): Promise<string> {
    const definition = world.definition(release);
    const [container = {}] = definition.containerDefinitions ?? [];
    const { taskDefinition } = await world.ecs.registerTaskDefinition({
      ...definition,
      memory,
      containerDefinitions: [
        {
          ...container,
          memory: 448,
          portMappings: [
            { containerPort: 8000, ...(named && { name: "http", appProtocol: "http" }) },
          ],
          environment: [
            { name: "RELEASE_ID", value: release },
            { name: "SERVICE_ENDPOINTS", value: '{"insurance": "http://insurance:8000/i"}' },
          ],
        },
      ],
    });
    return taskDefinition?.taskDefinitionArn ?? "";
  }

  const common = ({ connect, securityGroups = [] }: Made) => ({
    networkConfiguration: {
      awsvpcConfiguration: { subnets: ["subnet-a", "subnet-b"], securityGroups },
    },
    ...(connect && { serviceConnectConfiguration: connect }),
  });

  /** A service without a load balancer, so that nothing but calls has to be told of. */
  async function create(serviceName: string, made: Made): Promise<void> {
    await world.ecs.createService({
      cluster: "main",
      serviceName,
      desiredCount: 2,
      deploymentConfiguration: made.strategy ?? { strategy: "ROLLING" },
      taskDefinition: await define(made),
      ...common(made),
    });
  }

  async function update(service: string, made: Made): Promise<void> {
    const taskDefinition = await define(made);
    await world.ecs.updateService({ cluster: "main", service, taskDefinition, ...common(made) });
  }

  const ended = () => world.status("SUCCESSFUL");
  const urlsOf = (release: string) =>
    world.containers.running(release).map(({ spec }) => spec.env.SERVICE_ENDPOINTS);

  function route(): CallRoute {
    const [only, ...more] = world.loadBalancing.calls.filter(({ id }) =>
      /service\/main\/platform .*insurance$/.test(id),
    );
    expect(more).to.deep.equal([]);
    if (!only) throw new Error("nobody has called insurance");
    return only;
  }

  /** Releases → what they get of the calls, and of those with the test header. */
  function shares() {
    const releaseAt = new Map(
      world.containers.all.map(({ port, spec }) => [port, spec.env.RELEASE_ID]),
    );
    const shares: Record<string, { weight: number; test: boolean; tasks: number }> = {};
    for (const { weight, test, tasks } of route().groups) {
      if (tasks.length === 0) continue;
      const release = releaseAt.get(tasks[0]?.port ?? 0) ?? "nobody";
      shares[release] = { weight, test, tasks: tasks.length };
    }
    return shares;
  }

  async function bothLive(): Promise<void> {
    await create("insurance", { release: "I", connect: callable("insurance") });
    await ended();
    await create("platform", { release: "P", connect: client });
    await ended();
  }

  return { ...world, create, update, bothLive, ended, urlsOf, route, shares };
}
