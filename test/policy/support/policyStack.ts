import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import automation from "@pulumi/pulumi/automation/index.js";
import { type EchoProvider, serveEchoProvider } from "./echoProvider.ts";

const root = path.resolve(import.meta.dirname, "../../..");

/** A resource that the stack of the test declares. */
export interface Declared {
  type: string;
  name: string;
  props: pulumi.Inputs;
}

/** A stack on the real engine with the policy pack of the project, and a provider that takes everything. */
export interface PolicyStack {
  provider: EchoProvider;
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
  const provider = await serveEchoProvider();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "policy-test-"));
  const bin = path.join(folder, "bin");
  fs.mkdirSync(bin);
  fs.mkdirSync(path.join(folder, "state"));
  if (process.env.REHEARSAL_ENGINE) {
    const engine = path.resolve(process.env.REHEARSAL_ENGINE);
    fs.symlinkSync(engine, path.join(bin, "pulumi"));
  }
  const result: PolicyStack = {
    provider,
    declared: [],
    preview: () => verdictOf((options) => stack.preview(options)),
    up: () => verdictOf((options) => stack.up(options)),
    dispose: () => {
      provider.close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
  const stack = await automation.LocalWorkspace.createOrSelectStack(
    { stackName: "test", projectName: "policy", program },
    {
      workDir: folder,
      pulumiCommand: await engineCommand(folder),
      projectSettings: {
        name: "policy",
        runtime: "nodejs",
        backend: { url: `file://${folder}/state` },
      },
      envVars: {
        PATH: [bin, path.join(root, "rehearsal/bin"), process.env.PATH].join(path.delimiter),
        PULUMI_HOME: path.join(folder, "home"),
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_DEBUG_PROVIDERS: `aws:${provider.port}`,
      },
    },
  );
  return result;

  async function program(): Promise<void> {
    for (const { type, name, props } of result.declared) {
      new AnyResource(type, name, props);
    }
  }
}

class AnyResource extends pulumi.CustomResource {}

/** @throws when there is no engine: these tests prove nothing without one. */
async function engineCommand(folder: string): Promise<automation.PulumiCommand> {
  const named = process.env.REHEARSAL_ENGINE;
  try {
    return await automation.PulumiCommand.get(named ? { root: folder } : {});
  } catch (error) {
    throw new Error(
      `no Pulumi engine ${named ? `at REHEARSAL_ENGINE (${named})` : "on PATH"}: set REHEARSAL_ENGINE to the path of a pulumi binary, or put one on PATH`,
      { cause: error },
    );
  }
}

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
