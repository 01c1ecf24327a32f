import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { engineVersion } from "./engineVersion.ts";

const module = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

export interface BuildEngineOptions {
  /** Path of the executable to write. */
  output: string;
  onProgress?: (message: string) => void;
  signal?: AbortSignal;
}

/**
 * Builds the engine from its Go module, at the version that `go.mod` beside this file pins.
 *
 * @throws when there is no Go, or the module cannot be had or built; the message carries Go's last words.
 */
export async function buildEngine({ output, onProgress, signal }: BuildEngineOptions) {
  const say = onProgress ?? (() => {});
  await mkdir(dirname(output), { recursive: true });
  say(`building the Pulumi engine v${engineVersion} (once a machine; about 5 minutes on 2 cores)`);
  say("building the engine: fetching its Go modules");
  const packages = (await go(["list", "-deps", module], signal)).length;
  let compiled = 0;
  let said = 0;
  // Without the version stamped in, the Automation API cannot read the engine's version.
  const flags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${engineVersion}`;
  await go(["build", "-v", "-trimpath", "-ldflags", flags, "-o", output, module], signal, () => {
    compiled += 1;
    const percent = Math.floor((100 * compiled) / packages);
    if (percent < said + 5) return;
    said = percent;
    say(`building the engine: ${percent} % of ${packages} packages`);
  });
}

/** Runs Go beside this file and returns the lines of its standard output. */
function go(args: string[], signal?: AbortSignal, onLine?: () => void): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn("go", args, {
      cwd: import.meta.dirname,
      env: { ...process.env, CGO_ENABLED: "0" },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
    });
    const out: string[] = [];
    const last: string[] = [];
    createInterface(child.stdout).on("line", (line) => out.push(line));
    createInterface(child.stderr).on("line", (line) => {
      last.push(line);
      if (last.length > 5) last.shift();
      onLine?.();
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "ENOENT" ? new Error("there is no Go on PATH") : error);
    });
    child.on("close", (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`go ${args[0]} ended with ${code}: ${last.join(" | ")}`));
    });
  });
}
