import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { messageOf } from "../../../provider/messageOf.ts";
import { buildImage } from "../../../rehearsal/container/buildImage.ts";
import type { Image } from "../../../rehearsal/container/image.ts";
import { openProcesses, type Supervisor } from "../../../rehearsal/processes/supervisor.ts";

/** A build context and a cache of its own in a temporary folder. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), "symphainy-container-"));
  readonly context = join(this.folder, "context");
  readonly cacheDir = join(this.folder, "cache");
  readonly processes: Supervisor;
  readonly progress: string[] = [];

  private constructor(processes: Supervisor) {
    this.processes = processes;
    mkdirSync(this.context);
  }

  static async open(): Promise<Workshop> {
    const runDir = mkdtempSync(join(tmpdir(), "symphainy-run-"));
    return new Workshop(await openProcesses({ runDir }));
  }

  write(path: string, content: string, mode = 0o644): void {
    const file = join(this.context, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
  }

  build(
    dockerfile: string,
    args: { buildArgs?: Record<string, string>; target?: string } = {},
  ): Promise<Image> {
    this.write("Dockerfile", dockerfile);
    return buildImage({
      context: this.context,
      dockerfile: join(this.context, "Dockerfile"),
      cacheDir: this.cacheDir,
      processes: this.processes,
      onProgress: (message) => this.progress.push(message),
      ...args,
    });
  }

  async close(): Promise<void> {
    await this.processes.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a promise was rejected with, as text. */
export async function rejection(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    (value) => `resolved with ${JSON.stringify(value)}`,
    (error: unknown) => messageOf(error),
  );
}
