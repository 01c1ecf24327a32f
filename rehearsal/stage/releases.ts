import { appendFile, cp } from "node:fs/promises";
import { join } from "node:path";
import type { Release, ReleaseKind, ReleaseOptions } from "../stories/play.ts";
import { changes } from "./releaseKinds.ts";

/** Makes the releases that stories deploy: copies of the platform, each changed in its source as a developer would. */
export class Releases {
  readonly #platform: string;
  readonly #folder: string;
  readonly #made = new Set<string>();
  #count = 0;

  /** @param folder - absolute path; the copies are made below it. */
  constructor({ platform, folder }: { platform: string; folder: string }) {
    this.#platform = platform;
    this.#folder = folder;
  }

  /** A release that differs from every other one; its files are there once {@link make} has been waited for. */
  next(kind: ReleaseKind, options: ReleaseOptions = {}): PlannedRelease {
    this.#count += 1;
    const name = `${kind} ${this.#count}`;
    return { kind, name, context: join(this.#folder, `release-${this.#count}`), options };
  }

  /** Writes the build context of a release that {@link next} has planned; of another one there is nothing to write. */
  async make(release: Release): Promise<void> {
    if (!isPlanned(release) || this.#made.has(release.context)) return;
    const { kind, name, context, options } = release;
    await cp(this.#platform, context, {
      recursive: true,
      filter: (path) => !/__pycache__|\.pytest_cache/.test(path),
    });
    const source = join(context, "symphainy-platform");
    await appendFile(join(source, "main.py"), `\n# Release ${name}.\n`);
    await changes[kind](source, options);
    this.#made.add(context);
  }
}

interface PlannedRelease extends Release {
  readonly kind: ReleaseKind;
  readonly options: ReleaseOptions;
}

function isPlanned(release: Release): release is PlannedRelease {
  return release.kind !== "custom";
}
