import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import automation, { type PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { ownConnections } from "../../rehearsal/engine/ownConnections.ts";
import { fileBackend } from "../../rehearsal/stage/operatorEnvironment.ts";

export interface EngineStackArgs {
  /** Name of the project. */
  project: string;
  /** What an operation runs that brings no program of its own. @default a program that declares nothing */
  program?: PulumiFn;
  /** Provider name → port of one to attach to. @default none */
  attached?: Record<string, number>;
  /** Provider name → folder of one that the engine starts. @default none */
  plugins?: Record<string, string>;
  /** Folders that come before everything else on PATH. @default none */
  path?: string[];
  /** @default none besides {@link engineEnvironment} */
  env?: Record<string, string>;
}

/** A stack on the real engine, with a home and a file backend in a folder of its own. */
export interface EngineStack {
  stack: automation.Stack;
  /** The state as it lies on the disk: secrets are encrypted there. */
  rawState(): string;
  /** All that the backend keeps on disk, history included. */
  everyState(): string;
  /** Of the engine that runs, or ran last. */
  enginePid(): number;
  /** Removes the folder. */
  dispose(): void;
}

/** @throws when there is no engine: no test is skipped. */
export async function engineStack({
  project,
  program = async () => {},
  attached = {},
  plugins = {},
  path: folders = [],
  env = {},
}: EngineStackArgs): Promise<EngineStack> {
  ownConnections();
  const root = fs.mkdtempSync(path.join(os.tmpdir(), `${project}-test-`));
  const bin = path.join(root, "bin");
  const state = path.join(root, "state");
  const pidFile = path.join(root, "pid");
  fs.mkdirSync(bin);
  fs.mkdirSync(state);
  const wrapper = `#!/bin/sh\necho $$ >"${pidFile}"\nexec "${enginePath()}" "$@"\n`;
  fs.writeFileSync(path.join(bin, "pulumi"), wrapper, { mode: 0o755 });
  const providers = Object.entries(plugins).map(([name, folder]) => ({ name, path: folder }));
  const stack = await automation.LocalWorkspace.createStack(
    { stackName: "test", projectName: project, program },
    {
      workDir: root,
      pulumiCommand: await automation.PulumiCommand.get({ root }),
      projectSettings: {
        name: project,
        runtime: "nodejs",
        ...(providers.length > 0 && { plugins: { providers } }),
      },
      envVars: {
        ...env,
        ...engineEnvironment(root, attached),
        PATH: [bin, ...folders, process.env.PATH].join(path.delimiter),
      },
    },
  );
  return {
    stack,
    rawState: () =>
      fs.readFileSync(path.join(state, ".pulumi", "stacks", project, "test.json"), "utf8"),
    everyState: () =>
      fs
        .readdirSync(state, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8"))
        .join("\n"),
    enginePid: () => Number(fs.readFileSync(pidFile, "utf8")),
    dispose: () => fs.rmSync(root, { recursive: true, force: true }),
  };
}

/**
 * What an engine is told that has to leave the user's own state and plugins alone.
 *
 * @param folder - holds its home, and its backend in `state`, which has to exist.
 * @param attached - provider name → port.
 */
export function engineEnvironment(
  folder: string,
  attached: Record<string, number>,
): Record<string, string> {
  const ports = Object.entries(attached).map(([name, port]) => `${name}:${port}`);
  return {
    PULUMI_HOME: path.join(folder, "home"),
    PULUMI_BACKEND_URL: fileBackend(path.join(folder, "state")),
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...(ports.length > 0 && { PULUMI_DEBUG_PROVIDERS: ports.join(",") }),
  };
}

/** The engine's binary: `REHEARSAL_ENGINE`, which the set-up of all tests sets, else `pulumi` on PATH. */
export function enginePath(): string {
  const named = process.env.REHEARSAL_ENGINE;
  if (named) return path.resolve(named);
  try {
    return execFileSync("sh", ["-c", "command -v pulumi"], { encoding: "utf8" }).trim();
  } catch {
    throw new Error(
      "There is no Pulumi engine: REHEARSAL_ENGINE is not set and `pulumi` is not on PATH. " +
        "Set REHEARSAL_ENGINE to the path of a pulumi binary.",
    );
  }
}
