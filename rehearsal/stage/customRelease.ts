import { basename, join } from "node:path";
import { cacheRoot } from "../cacheRoot.ts";
import { buildImage } from "../container/buildImage.ts";
import type { Processes } from "../processes/processes.ts";
import type { Release } from "../stories/play.ts";

export interface CustomReleaseArgs {
  /** Absolute path of the build context. */
  context: string;
  processes: Processes;
  onProgress: (message: string) => void;
  signal: AbortSignal;
}

/**
 * A build context of somebody's own as a release. ECS looks at the check in the task definition, not at the image's:
 * so that of the Dockerfile is written there.
 *
 * @throws Error when it can't be built.
 */
export async function customRelease({ context, ...deps }: CustomReleaseArgs): Promise<Release> {
  const dockerfile = join(context, "Dockerfile");
  const image = await buildImage({ context, dockerfile, cacheDir: cacheRoot(), ...deps });
  const command = image.healthcheck?.test;
  return {
    kind: "custom",
    name: basename(context),
    context,
    service: { dockerfile: "Dockerfile", health: command && { command } },
  };
}
