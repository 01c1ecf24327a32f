import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import automation, {
  type EngineEvent,
  type OutputMap,
  type PulumiFn,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import type { ServedProvider } from "../../../rehearsal/providers/serveProvider.ts";

/** A stack on the real engine that is attached to providers of ours. */
export interface TestStack {
  stack: Stack;
  up(program: PulumiFn): Promise<Ended>;
  preview(program: PulumiFn): Promise<Ended>;
  refresh(): Promise<Ended>;
  destroy(): Promise<Ended>;
  /** The state as it lies on the disk: secrets are encrypted there. */
  rawState(): string;
  /** The exported state, secrets in plain. */
  resources(): Promise<StateResource[]>;
  close(): Promise<void>;
}

export interface Ended {
  outputs: OutputMap;
  /** What was done, by operation and logical name, in the order in which it ended: `create-replacement b`. */
  steps: string[];
  /** Paths of the detailed diff, by logical name. */
  diffs: Record<string, string[]>;
  /** Outputs of the resources, as the engine reports them: in a preview, too. */
  states: Record<string, Record<string, unknown>>;
  /** The engine's own messages when it failed; empty otherwise. */
  error: string;
}

export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  initErrors?: string[];
}

/** @throws when there is no engine: no test is skipped. */
export async function openStack(
  providers: Record<string, ServedProvider>,
  { config = {} }: { config?: Record<string, string> } = {},
): Promise<TestStack> {
  const workDir = mkdtempSync(join(tmpdir(), "providers-"));
  const root = join(workDir, "engine");
  mkdirSync(join(root, "bin"), { recursive: true });
  symlinkSync(findEngine(), join(root, "bin", "pulumi"));
  const attached = Object.entries(providers).map(([name, { port }]) => `${name}:${port}`);
  const stack = await automation.LocalWorkspace.createStack(
    { stackName: "test", projectName: "conformance", program: async () => {} },
    {
      workDir,
      pulumiCommand: await automation.PulumiCommand.get({ root }),
      pulumiHome: join(workDir, "home"),
      envVars: {
        PULUMI_BACKEND_URL: `file://${workDir}`,
        PULUMI_CONFIG_PASSPHRASE: "conformance",
        PULUMI_DEBUG_PROVIDERS: attached.join(","),
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    },
  );
  for (const [key, value] of Object.entries(config)) await stack.setConfig(key, { value });
  return {
    stack,
    up: (program) => run((onEvent) => stack.up({ program, onEvent, onOutput })),
    preview: (program) => run((onEvent) => stack.preview({ program, onEvent, onOutput })),
    refresh: () => run((onEvent) => stack.refresh({ onEvent, onOutput })),
    destroy: () => run((onEvent) => stack.destroy({ onEvent, onOutput })),
    rawState: () =>
      readFileSync(join(workDir, ".pulumi", "stacks", "conformance", "test.json"), "utf8"),
    resources: async () => (await stack.exportStack()).deployment.resources ?? [],
    close: async () => rmSync(workDir, { recursive: true, force: true }),
  };
}

type OnEvent = (event: EngineEvent) => void;

/** What the engine prints for people is in its events as well. */
function onOutput(): void {}

async function run(operation: (onEvent: OnEvent) => Promise<object>): Promise<Ended> {
  const ended: Ended = { outputs: {}, steps: [], diffs: {}, states: {}, error: "" };
  const messages: string[] = [];
  const onEvent: OnEvent = (event) => {
    const metadata = event.resOutputsEvent?.metadata ?? event.resourcePreEvent?.metadata;
    if (event.diagnosticEvent?.severity === "error") messages.push(event.diagnosticEvent.message);
    if (!metadata || metadata.type.startsWith("pulumi:")) return;
    const name = metadata.urn.split("::").slice(3).join("::");
    if (metadata.detailedDiff) ended.diffs[name] = Object.keys(metadata.detailedDiff).toSorted();
    if (!event.resOutputsEvent) return;
    ended.steps.push(`${metadata.op} ${name}`);
    ended.states[name] = metadata.new?.outputs ?? {};
  };
  try {
    const result = await operation(onEvent);
    if ("outputs" in result) ended.outputs = result.outputs as OutputMap;
  } catch (error) {
    ended.error = messages.join("\n") || (error instanceof Error ? error.message : String(error));
  }
  return ended;
}

function findEngine(): string {
  const named = process.env.REHEARSAL_ENGINE;
  const path =
    named ?? spawnSync("sh", ["-c", "command -v pulumi"], { encoding: "utf8" }).stdout.trim();
  if (path && spawnSync(path, ["version"]).status === 0) return path;
  throw new Error(
    "These tests need the Pulumi engine: set REHEARSAL_ENGINE to the path of its binary, or put `pulumi` on PATH. " +
      `Now REHEARSAL_ENGINE is ${named ?? "not set"} and there is no pulumi that runs.`,
  );
}
