import type {
  DeregisterTaskDefinitionRequest,
  RegisterTaskDefinitionRequest,
  Tag,
  TaskDefinition,
} from "@aws-sdk/client-ecs";
import { AwsError } from "../awsError.ts";
import { ecsArn, nameOf } from "./arns.ts";
import type { EcsContext } from "./ports.ts";
import { validateTaskDefinition } from "./validateTaskDefinition.ts";

/** Task definitions: families with revisions, which never change and never get their number again. */
export class TaskDefinitions {
  readonly #families = new Map<string, { definition: TaskDefinition; tags: Tag[] }[]>();
  readonly #context: EcsContext;

  constructor(context: EcsContext) {
    this.#context = context;
  }

  register(input: RegisterTaskDefinitionRequest): { taskDefinition: TaskDefinition; tags: Tag[] } {
    validateTaskDefinition(input);
    const { tags = [], ...described } = input;
    const family = input.family ?? "";
    const revisions = this.#families.get(family) ?? [];
    this.#families.set(family, revisions);
    const revision = revisions.length + 1;
    const definition: TaskDefinition = {
      ...structuredClone(described),
      containerDefinitions: structuredClone(input.containerDefinitions ?? []),
      taskDefinitionArn: ecsArn(this.#context, `task-definition/${family}:${revision}`),
      revision,
      status: "ACTIVE",
      compatibilities: input.requiresCompatibilities ?? ["EC2"],
      registeredAt: new Date(this.#context.clock.now()),
    };
    revisions.push({ definition, tags });
    return { taskDefinition: { ...definition }, tags };
  }

  /** An INACTIVE revision can still be described, and goes on in services that use it, but no service can take it. */
  deregister({ taskDefinition = "" }: DeregisterTaskDefinitionRequest): TaskDefinition {
    const { definition } = this.#find(taskDefinition);
    definition.status = "INACTIVE";
    definition.deregisteredAt ??= new Date(this.#context.clock.now());
    return { ...definition };
  }

  /** @throws AwsError ClientException. */
  describe(reference: string): { taskDefinition: TaskDefinition; tags: Tag[] } {
    const { definition, tags } = this.#find(reference);
    return { taskDefinition: { ...definition }, tags };
  }

  /** One that a service may be deployed with. */
  resolveActive(reference: string): TaskDefinition {
    const { definition } = this.#find(reference);
    if (definition.status === "ACTIVE") return definition;
    throw new AwsError(
      "ClientException",
      `TaskDefinition is inactive: ${definition.taskDefinitionArn}`,
    );
  }

  #find(reference: string): { definition: TaskDefinition; tags: Tag[] } {
    const [family = "", revision] = nameOf(reference).split(":");
    const revisions = this.#families.get(family) ?? [];
    const found =
      revision === undefined
        ? revisions.findLast(({ definition }) => definition.status === "ACTIVE")
        : revisions[Number(revision) - 1];
    if (found) return found;
    throw new AwsError("ClientException", `Unable to describe task definition ${reference}.`);
  }
}
