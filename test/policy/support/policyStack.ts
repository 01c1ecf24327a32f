import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type automation from "@pulumi/pulumi/automation/index.js";
import { serveEchoCloud } from "../../support/echoCloud.ts";
import { engineStack } from "../../support/engineStack.ts";

const root = path.resolve(import.meta.dirname, "../../..");

/** A resource that the stack of the test declares. */
export interface Declared {
  type: string;
  name: string;
  props: pulumi.Inputs;
}

/** A stack on the real engine with the policy pack of the project, and a provider that takes everything. */
export interface PolicyStack {
  /** Types of the resources that were really created. */
  created(): string[];
  /** What the program declares at the next operation. */
  declared: Declared[];
  preview(): Promise<Verdict>;
  up(): Promise<Verdict>;
  dispose(): void;
}

export interface Verdict {
  /** Whether the operation went through. */
  succeeded: boolean;
  /** `rule (level): message`, as the engine reported it. */
  violations: string[];
  output: string;
}

export async function policyStack(): Promise<PolicyStack> {
  const cloud = await serveEchoCloud();
  const engine = await engineStack({
    project: "policy",
    program,
    attached: { aws: cloud.port },
    path: [path.join(root, "rehearsal/bin")],
  }).catch((error: unknown) => {
    cloud.close();
    throw error;
  });
  const result: PolicyStack = {
    created: () => cloud.done.map(({ type }) => type),
    declared: [],
    preview: () => verdictOf((options) => engine.stack.preview(options)),
    up: () => verdictOf((options) => engine.stack.up(options)),
    dispose: () => {
      cloud.close();
      engine.dispose();
    },
  };
  return result;

  async function program(): Promise<void> {
    for (const { type, name, props } of result.declared) {
      new AnyResource(type, name, props);
    }
  }
}

class AnyResource extends pulumi.CustomResource {}

async function verdictOf(
  run: (options: automation.PreviewOptions) => Promise<unknown>,
): Promise<Verdict> {
  const violations: string[] = [];
  let output = "";
  const onOutput = (text: string) => {
    output += text;
  };
  const options: automation.PreviewOptions = {
    policyPacks: [path.join(root, "policy")],
    onOutput,
    onError: onOutput,
    onEvent: ({ policyEvent }) => {
      if (!policyEvent) return;
      const { policyName, enforcementLevel, message } = policyEvent;
      violations.push(`${policyName} (${enforcementLevel}): ${message}`);
    },
  };
  const succeeded = await run(options).then(
    () => true,
    (error: Error) => {
      output += error.message;
      return false;
    },
  );
  return { succeeded, violations, output };
}
