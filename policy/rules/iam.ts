import type {
  PolicyArgs,
  RolePolicyArgs,
  RolePolicyAttachmentArgs,
} from "@pulumi/aws/iam/index.js";
import type { IAMMemberArgs } from "@pulumi/gcp/projects/index.js";
import type { ReportViolation, ResourceValidationPolicy } from "@pulumi/policy";
import { onType } from "../support/onType.ts";

export const iamLeastPrivilege: ResourceValidationPolicy = {
  name: "iam-least-privilege",
  description: "No policy allows everything, or a whole service, on every resource.",
  severity: "critical",
  remediationSteps: "Name the actions and the resources that are needed.",
  validateResource: [
    onType<PolicyArgs>("aws:iam/policy:Policy", ({ policy }, report) => judge(policy, report)),
    onType<RolePolicyArgs>("aws:iam/rolePolicy:RolePolicy", ({ policy }, report) =>
      judge(policy, report),
    ),
  ],
};

export const iamNoAdministrator: ResourceValidationPolicy = {
  name: "iam-no-administrator",
  description: "No role is an administrator.",
  severity: "critical",
  remediationSteps: "Attach a policy that allows what the role does, and no more.",
  validateResource: [
    onType<RolePolicyAttachmentArgs>(
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      ({ policyArn }, report) => {
        const name = policyArn.split("/").at(-1) ?? "";
        if (["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"].includes(name)) {
          report(`The role gets ${name}.`);
        }
      },
    ),
    onType<IAMMemberArgs>("gcp:projects/iAMMember:IAMMember", ({ role, member }, report) => {
      if (["roles/owner", "roles/editor"].includes(role)) report(`${member} gets ${role}.`);
    }),
  ],
};

function judge(policy: unknown, report: ReportViolation): void {
  for (const statement of statements(policy)) {
    if (statement.Effect !== "Allow") continue;
    if (statement.NotAction !== undefined) {
      report("A statement allows everything but a few actions (NotAction).");
    }
    const wide = list(statement.Action).filter((action) => /^(\*|[\w-]+:\*)$/.test(action));
    if (wide.length > 0 && list(statement.Resource).includes("*")) {
      report(`A statement allows ${wide.join(", ")} on every resource.`);
    }
  }
}

function statements(policy: unknown): Record<string, unknown>[] {
  const document: unknown = typeof policy === "string" ? JSON.parse(policy) : policy;
  if (!isRecord(document)) return [];
  const { Statement } = document;
  return (Array.isArray(Statement) ? Statement : [Statement]).filter(isRecord);
}

function list(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((it) => typeof it === "string");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
