/**
 * The operator's own process: runs the same program as `pulumi up` does, through the Automation API.
 * Apart from the others, because loading the cloud SDKs stalls a process for a second.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type EngineEvent,
  LocalWorkspace,
  PulumiCommand,
  type PulumiFn,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import { ownConnections } from "../engine/ownConnections.ts";
import type {
  Change,
  OperatorCommand,
  OperatorProgress,
  OperatorReply,
  OperatorRequest,
} from "./messages.ts";

const [stackName = "", workDir = "", engineRoot = "", policyPack = "", programFile = ""] =
  process.argv.slice(2);
const stackType = "pulumi:pulumi:Stack";
const quiet = new Set(["same", "read", "refresh", "discard", "read-discard"]);
/** Resources that are being refreshed. */
const refreshed = new Set<string>();
let stack: Stack | undefined;
/** The settings that the policy pack has judged. */
let judged: string | undefined;
/** Ends what runs with one SIGINT. */
let interrupt = new AbortController();
ownConnections();
// At once: it takes a second in which nobody asks for anything yet.
const imported: Promise<{ default: PulumiFn }> = import(programFile);

process.on("message", (request: OperatorRequest) => {
  if ("interrupt" in request) interrupt.abort();
  else void carryOut(request).then((reply) => process.send?.(reply));
});
process.on("disconnect", () => process.exit(0));

async function carryOut({ id, command, refresh }: OperatorCommand): Promise<OperatorReply> {
  interrupt = new AbortController();
  const reply: OperatorReply = {
    id,
    ok: false,
    errors: [],
    changes: [],
    outputs: {},
    output: "",
  };
  const options = {
    color: "never" as const,
    onOutput: (text: string) => {
      reply.output += text;
    },
    onEvent: (event: EngineEvent) => note(event, reply),
    signal: interrupt.signal,
    ...(refresh ? { refresh } : {}),
  };
  try {
    stack ??= await select();
    await run[command](stack, options);
    reply.ok = true;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    reply.output += message;
    if (reply.errors.length === 0) reply.errors.push(message);
  }
  return reply;
}

type Options = {
  color: "never";
  signal: AbortSignal;
  refresh?: boolean;
  onOutput: (text: string) => void;
  onEvent: (event: EngineEvent) => void;
};

const run = {
  async up(stack: Stack, options: Options) {
    await stack.up({ ...options, ...(await policies()) });
  },
  async preview(stack: Stack, options: Options) {
    // Without the policy pack, which takes seconds to start: it has judged the same resources in the `up` before.
    await stack.preview({ ...options, diff: false });
  },
  async refresh(stack: Stack, options: Options) {
    await stack.refresh(options);
  },
  async destroy(stack: Stack, options: Options) {
    await stack.destroy(options);
  },
  async cancel(stack: Stack) {
    await stack.cancel();
  },
};

/**
 * The policy pack takes seconds to start, so it judges each settings once: with another release, the resources that it
 * would judge again are the same.
 */
async function policies(): Promise<{ policyPacks?: string[] }> {
  if (!policyPack) return {};
  const settings = await readFile(join(workDir, `Pulumi.${stackName}.yaml`), "utf8");
  // Where the release's files lie says nothing of its resources.
  const judging = settings.replaceAll(/^\s*context: .*$/gm, "");
  if (judging === judged) return {};
  judged = judging;
  return { policyPacks: [policyPack] };
}

async function select(): Promise<Stack> {
  const pulumiCommand = await PulumiCommand.get(engineRoot ? { root: engineRoot } : undefined);
  const workspace = await LocalWorkspace.create({ workDir, pulumiCommand });
  const projectName = (await workspace.projectSettings()).name;
  const { default: program } = await imported;
  const selected = await LocalWorkspace.createOrSelectStack(
    { stackName, projectName, program },
    { workDir, pulumiCommand },
  );
  // The engine's events have told the outputs; to ask for them costs two more runs of `pulumi` after each `up`.
  Object.assign(selected.workspace, { stackOutputs: async () => ({}) });
  return selected;
}

function note(event: EngineEvent, reply: OperatorReply): void {
  const { severity, ephemeral, message = "" } = event.diagnosticEvent ?? {};
  if (severity === "error" && !ephemeral) reply.errors.push(message.trim());
  if (ephemeral) {
    const progress: OperatorProgress = { progress: message.trim() };
    process.send?.(progress);
  }
  if (event.policyEvent?.enforcementLevel === "mandatory") {
    reply.errors.push(event.policyEvent.message.trim());
  }
  const step = event.resourcePreEvent?.metadata;
  if (step?.op === "refresh") refreshed.add(step.urn);
  else if (step && !quiet.has(step.op)) reply.changes.push(change(step));
  const done = event.resOutputsEvent?.metadata;
  if (done?.type === stackType) reply.outputs = { ...done.new?.outputs };
  if (done && refreshed.delete(done.urn)) noteFound(change(done), reply);
}

/** What a refresh found is told when it is done: as an update or delete, in a preview by what differs alone. */
function noteFound(found: Change, reply: OperatorReply): void {
  if (!quiet.has(found.op) || found.properties.length > 0) reply.changes.push(found);
}

function change(step: {
  op: string;
  type: string;
  urn: string;
  diffs?: string[];
  detailedDiff?: Record<string, unknown> | null;
}): Change {
  const properties = Object.keys(step.detailedDiff ?? {});
  return {
    op: step.op,
    type: step.type,
    urn: step.urn,
    properties: properties.length > 0 ? properties : (step.diffs ?? []),
  };
}
