import type { EngineEvent, OutputMap, PulumiFn, Stack } from "@pulumi/pulumi/automation/index.js";
import { messageOf } from "../../../provider/messageOf.ts";
import type { ServedProvider } from "../../../rehearsal/providers/serveProvider.ts";
import { engineStack } from "../../support/engineStack.ts";

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
export async function openStack(providers: Record<string, ServedProvider>): Promise<TestStack> {
  const ports = Object.entries(providers).map(([name, { port }]) => [name, port]);
  const attached = Object.fromEntries(ports);
  const engine = await engineStack({ project: "conformance", attached });
  const { stack } = engine;
  return {
    stack,
    up: (program) => run((onEvent) => stack.up({ program, onEvent, onOutput })),
    preview: (program) => run((onEvent) => stack.preview({ program, onEvent, onOutput })),
    refresh: () => run((onEvent) => stack.refresh({ onEvent, onOutput })),
    destroy: () => run((onEvent) => stack.destroy({ onEvent, onOutput })),
    rawState: () => engine.rawState(),
    resources: async () => (await stack.exportStack()).deployment.resources ?? [],
    close: async () => engine.dispose(),
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
    ended.error = messages.join("\n") || messageOf(error);
  }
  return ended;
}
