import type {
  CreateServiceRequest,
  DeleteServiceRequest,
  TagResourceRequest,
  UntagResourceRequest,
  UpdateServiceRequest,
} from "@aws-sdk/client-ecs";
import type { Services } from "../../../../../rehearsal/providers/services.ts";

/** An ECS that does as it is told and remembers what that was. */
export class RecordingEcs {
  readonly created: CreateServiceRequest[] = [];
  readonly updated: UpdateServiceRequest[] = [];
  readonly deleted: DeleteServiceRequest[] = [];
  readonly tagged: TagResourceRequest[] = [];
  readonly untagged: UntagResourceRequest[] = [];
  readonly deregistered: string[] = [];
  #revision = 0;
  #status = "ACTIVE";

  readonly service: Services["ecs"] = {
    createCluster: async ({ clusterName }) => ({
      cluster: { clusterArn: `arn:aws:ecs:eu-central-1:123456789012:cluster/${clusterName}` },
    }),
    deleteCluster: async () => ({}),
    createCapacityProvider: async () => ({}),
    deleteCapacityProvider: async () => ({}),
    putClusterCapacityProviders: async () => ({}),
    registerTaskDefinition: async ({ family }) => {
      this.#revision += 1;
      const taskDefinitionArn = `arn:aws:ecs:eu-central-1:123456789012:task-definition/${family}:${this.#revision}`;
      return { taskDefinition: { taskDefinitionArn, revision: this.#revision, status: "ACTIVE" } };
    },
    deregisterTaskDefinition: async ({ taskDefinition = "" }) => {
      this.deregistered.push(taskDefinition);
      return {};
    },
    describeTaskDefinition: async () => ({ taskDefinition: { status: "ACTIVE" } }),
    createService: async (input) => {
      this.created.push(input);
      return { service: { serviceArn: `arn:aws:ecs:x:y:service/c/${input.serviceName}` } };
    },
    updateService: async (input) => {
      this.updated.push(input);
      return {};
    },
    deleteService: async (input) => {
      this.deleted.push(input);
      this.#status = "INACTIVE";
      return {};
    },
    tagResource: async (input) => {
      this.tagged.push(input);
      return {};
    },
    untagResource: async (input) => {
      this.untagged.push(input);
      return {};
    },
    describeServices: async () => ({ services: [{ status: this.#status }] }),
    inventory: () => [],
  };
}
