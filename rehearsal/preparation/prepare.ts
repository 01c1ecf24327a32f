import { resolve } from "node:path";
// The check that ECS will run; the one in the image is nobody's.
import { containerCheck } from "../../components/healthChecks.ts";
import { cacheRoot } from "../cacheRoot.ts";
import { buildImage } from "../container/buildImage.ts";
import { assertSpeed } from "../container/highestSpeed.ts";
import type { Image } from "../container/image.ts";
import { measureHealthCheck } from "../container/measureHealthCheck.ts";
import type { NotRehearsed } from "../report.ts";
import type { OpenRun } from "../runs.ts";
import { projectRoot, Workspace } from "../stage/workspace.ts";
import type { View } from "../view.ts";
import { namesOnLoopback } from "./namesOnLoopback.ts";
import { preparedTargets } from "./preparedTargets.ts";
import { scaledTable, scaledValues } from "./scaledValues.ts";
import { healthOf, type StackSettings, stackSettings } from "./stackSettings.ts";

export interface PrepareArgs {
  target: string;
  speed: number;
  run: OpenRun;
  view: View;
  signal: AbortSignal;
  /** Absolute paths of build contexts that are played instead of the first service's. @default none */
  contexts?: readonly string[];
}

/**
 * Before a target's first story: says what will be sped up and what can't be rehearsed.
 *
 * @returns what the Dockerfiles ask for and no rehearsal does.
 * @throws Error when the settings are wrong, the image can't be built, or its health check is too slow for the speed.
 */
export async function prepare(args: PrepareArgs): Promise<NotRehearsed[]> {
  const { target, speed, run, view, signal } = args;
  const workspace = await Workspace.make(resolve(run.folder, `settings-${target}`), target);
  const settings = await stackSettings(workspace);
  view.line(`\n${target}: these waits are ${speed} times as fast as in the cloud:`);
  for (const row of scaledTable(scaledValues(settings, speed))) view.line(row);
  view.line("what a process needs its time for is not: boot, requests, probes, SIGTERM to SIGKILL");
  for (const line of namesOnLoopback(settings)) view.line(line);
  const notRehearsed: NotRehearsed[] = [];
  for (const [service, declared] of declaredServices(settings, args.contexts)) {
    if (declared.image !== undefined) {
      const mend = "give it a context instead, as the stack's own builds have";
      throw new Error(
        `${target}: service ${service} has image ${declared.image}, which no rehearsal can pull; ${mend}`,
      );
    }
    const image = await build(declared, { run, view, signal });
    if (preparedTargets[settings.target].runsChecks) {
      const isOwn = args.contexts?.includes(declared.context ?? "") === true;
      await assertCheck(image, { ...args, service, health: healthOf(settings, service), isOwn });
    }
    for (const { line, text } of image.notRehearsed) {
      view.line(`${service}: not rehearsed: Dockerfile line ${line}: ${text}`);
      const { context = "." } = declared;
      notRehearsed.push({ target, service, context, line, text });
    }
  }
  return notRehearsed;
}

interface CheckedService extends PrepareArgs {
  service: string;
  health: ReturnType<typeof healthOf>;
  /** Whether the image is one that is played on its own: it brings its own check; otherwise the settings' counts. */
  isOwn: boolean;
}

/** @throws Error when the service's health check is too slow for the speed. */
async function assertCheck(
  image: Image,
  { service, health, isOwn, speed, run, view, signal }: CheckedService,
): Promise<void> {
  const { command, ...times } = containerCheck(health);
  const test = (isOwn ? image.healthcheck?.test : undefined) ?? command;
  const healthCheck = { test, ...times };
  const costSeconds = await measureHealthCheck(image, { processes: run.processes, healthCheck });
  signal.throwIfAborted();
  const { intervalSeconds } = healthCheck;
  const cost = `${costSeconds.toFixed(2)} s of a processor`;
  view.line(`${service}: a health check costs ${cost}, each ${intervalSeconds} s of cloud time`);
  assertSpeed(speed, { costSeconds, intervalSeconds });
}

/** What is built: each service, the first one once for each context that is played instead of its own. */
function declaredServices(
  { services }: StackSettings,
  contexts: readonly string[] = [],
): [string, StackSettings["services"][string]][] {
  return Object.entries(services).flatMap(([name, service], index) => {
    if (index > 0 || contexts.length === 0) return [[name, service]];
    return contexts.map((context): [string, typeof service] => [name, { ...service, context }]);
  });
}

async function build(
  { context = ".", dockerfile, buildArgs }: StackSettings["services"][string],
  { run, view, signal }: Pick<PrepareArgs, "run" | "view" | "signal">,
): Promise<Image> {
  const folder = resolve(projectRoot, context);
  return await buildImage({
    context: folder,
    dockerfile: resolve(folder, dockerfile),
    buildArgs,
    cacheDir: cacheRoot(),
    processes: run.processes,
    onProgress: (text) => view.line(text),
    signal,
  });
}
