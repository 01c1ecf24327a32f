import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promotionToken } from "../../provider/messages.ts";
import type { StackExport, StackResource } from "../stories/play.ts";

interface Checkpoint {
  checkpoint?: { latest?: { resources?: StackResource[]; pending_operations?: unknown[] } };
}

/** The stack's state, as the file backend keeps it: secrets are ciphertext there. */
export class StackState {
  readonly #folder: string;

  constructor(backend: string) {
    this.#folder = join(backend, ".pulumi", "stacks");
  }

  /** The whole state; empty while there is none. */
  async text(): Promise<string> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".json"));
    const texts = files.map((file) => readFile(join(file.parentPath, file.name), "utf8"));
    return (await Promise.all(texts)).join("\n");
  }

  async export(): Promise<StackExport> {
    const text = await this.text();
    const { checkpoint }: Checkpoint = text ? JSON.parse(text) : {};
    return {
      resources: checkpoint?.latest?.resources ?? [],
      pendingOperations: checkpoint?.latest?.pending_operations ?? [],
    };
  }

  /** How many healthy answers in a row the promotion's gate wants; 0 while there is no promotion. */
  async consecutivePasses(): Promise<number> {
    const gate = (await this.#inputs(promotionToken))?.gate as { consecutivePasses?: number };
    return gate?.consecutivePasses ?? 0;
  }

  async #inputs(type: string): Promise<Record<string, unknown> | undefined> {
    const { resources } = await this.export();
    return resources.find((resource) => resource.type === type)?.inputs;
  }
}
