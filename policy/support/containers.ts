import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import type { TaskDefinitionArgs } from "@pulumi/aws/ecs/index.js";
import type { ReportViolation, ResourceValidation } from "@pulumi/policy";
import { onType } from "./onType.ts";

/** Judges each container of a task definition; the report names the container. */
export function onContainer(
  judge: (container: ContainerDefinition, report: ReportViolation) => void,
): ResourceValidation {
  return onType<TaskDefinitionArgs>("aws:ecs/taskDefinition:TaskDefinition", (props, report) => {
    for (const container of parseContainers(props.containerDefinitions, report)) {
      judge(container, (message) =>
        report(`Container ${container.name ?? "without a name"}: ${message}`),
      );
    }
  });
}

function parseContainers(text: string, report: ReportViolation): ContainerDefinition[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch {
    // What can't be read is reported below, as what is no list is.
  }
  report("The container definitions are no JSON list, so nothing can be said of them.");
  return [];
}
