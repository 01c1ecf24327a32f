import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import automation from "@pulumi/pulumi/automation/index.js";
import {
  type PromotionInputs,
  type PromotionOutputs,
  promotionToken,
} from "../../../provider/messages.ts";

/** A stack of one promotion on the real engine, with a file backend in a directory of its own. */
export interface PromotionStack {
  stack: automation.Stack;
  /** What the program declares at the next operation; undefined: nothing. */
  inputs: PromotionInputs | undefined;
  /** The first resource of a type in the state. */
  state(type: string): Promise<ResourceState | undefined>;
  /** All that the backend keeps on disk, history included. */
  everyState(): string;
  /** What Ctrl-C does to the operation that runs. */
  interrupt(): void;
  /** Of the engine that runs, or ran last. */
  enginePid(): number;
  up(options?: automation.UpOptions): Promise<automation.UpResult>;
  dispose(): void;
}

export interface ResourceState {
  type: string;
  inputs: PromotionInputs;
  outputs: PromotionOutputs;
}

/** The engine's binary: `REHEARSAL_ENGINE`, else `pulumi` on PATH. */
export function enginePath(): string {
  const named = process.env.REHEARSAL_ENGINE;
  if (named) return named;
  try {
    return execFileSync("sh", ["-c", "command -v pulumi"], { encoding: "utf8" }).trim();
  } catch {
    throw new Error(
      "no Pulumi engine: set REHEARSAL_ENGINE to the path of a pulumi binary, or put one on PATH",
    );
  }
}

export async function promotionStack({
  port,
  plugin,
  env = {},
}: {
  /** Of a provider to attach to. */
  port?: number;
  /** Folder of a provider to start. */
  plugin?: string;
  env?: Record<string, string>;
}): Promise<PromotionStack> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "rollout-test-"));
  const bin = path.join(root, "bin");
  fs.mkdirSync(bin);
  fs.mkdirSync(path.join(root, "state"));
  const pidFile = path.join(root, "pid");
  const wrapper = `#!/bin/sh\necho $$ >"${pidFile}"\nexec "${enginePath()}" "$@"\n`;
  fs.writeFileSync(path.join(bin, "pulumi"), wrapper, { mode: 0o755 });
  let interrupted = new AbortController();
  const result: PromotionStack = {
    inputs: undefined,
    state: async (type) => {
      const { deployment } = await result.stack.exportStack();
      return deployment.resources?.find((resource: ResourceState) => resource.type === type);
    },
    everyState: () =>
      fs
        .readdirSync(path.join(root, "state"), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8"))
        .join("\n"),
    interrupt: () => interrupted.abort(),
    enginePid: () => Number(fs.readFileSync(pidFile, "utf8")),
    up: (options) => {
      interrupted = new AbortController();
      return result.stack.up({ ...options, signal: interrupted.signal });
    },
    dispose: () => fs.rmSync(root, { recursive: true, force: true }),
    stack: await automation.LocalWorkspace.createOrSelectStack(
      { stackName: "test", projectName: "promotion", program },
      {
        workDir: root,
        pulumiCommand: await automation.PulumiCommand.get({ root }),
        projectSettings: {
          name: "promotion",
          runtime: "nodejs",
          backend: { url: `file://${root}/state` },
          ...(plugin && { plugins: { providers: [{ name: "rollout", path: plugin }] } }),
        },
        envVars: {
          ...env,
          PATH: `${bin}:${process.env.PATH}`,
          PULUMI_HOME: path.join(root, "home"),
          PULUMI_CONFIG_PASSPHRASE: "test",
          PULUMI_SKIP_UPDATE_CHECK: "true",
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
          ...(port !== undefined && { PULUMI_DEBUG_PROVIDERS: `rollout:${port}` }),
        },
      },
    ),
  };
  return result;

  async function program(): Promise<pulumi.Inputs> {
    if (!result.inputs) return {};
    const { gate, ...inputs } = result.inputs;
    const header = gate.header && { ...gate.header, value: pulumi.secret(gate.header.value) };
    const promotion = new Promotion("platform", { ...inputs, gate: { ...gate, header } });
    return { live: promotion.live };
  }
}

class Promotion extends pulumi.CustomResource {
  declare readonly live: pulumi.Output<{ release: string }>;

  constructor(name: string, inputs: pulumi.Inputs) {
    super(promotionToken, name, { live: undefined, ...inputs });
  }
}
