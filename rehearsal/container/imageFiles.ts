import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { BindMount } from "./mounts.ts";
import type { StageState } from "./stageState.ts";

/** Reads files as a RUN of a stage sees them: bind mounts lie over the stage's own files. */
export class ImageFiles {
  readonly #stage: StageState;
  readonly #mounts: BindMount[];

  constructor(stage: StageState, mounts: BindMount[]) {
    this.#stage = stage;
    this.#mounts = mounts;
  }

  /** @returns undefined, when there is no such file. */
  read(path: string): string | undefined {
    const file = this.#find(path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  #find(path: string): string {
    for (const { root, source, target } of this.#mounts.toReversed()) {
      const relative = posix.relative(target, path);
      if (relative !== ".." && !relative.startsWith("../")) return join(root, source, relative);
    }
    return join(this.#stage.root, path);
  }
}
