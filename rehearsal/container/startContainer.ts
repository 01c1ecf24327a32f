import { tmpdir } from "node:os";
import type { Clock } from "../../provider/clock.ts";
import { freePort } from "../processes/freePort.ts";
import type { Processes } from "../processes/processes.ts";
import type { Container, ContainerSpec } from "./container.ts";
import { rewritePaths, rewriteSearchPath } from "./imagePaths.ts";
import { RunningContainer } from "./runningContainer.ts";

export interface ContainerDeps {
  processes: Processes;
  clock: Clock;
  /** Real seconds in which the process must listen on its port. @default 20 */
  listenSeconds?: number;
  /** Numbers in [0, 1) that choose the port. @default Math.random */
  random?: () => number;
}

/**
 * Starts a container's process; it may not listen yet when this returns.
 *
 * The process sees the image's ENV, the spec's over it, HOME and PORT, and nothing of this process's environment.
 *
 * @throws Error, when neither the image nor the spec says what to start.
 */
export async function startContainer(spec: ContainerSpec, deps: ContainerDeps): Promise<Container> {
  const { image, name } = spec;
  const paths = (text: string) => rewritePaths(text, image.root);
  const [command, ...args] = [...image.entrypoint, ...(spec.command?.map(paths) ?? image.cmd)];
  if (command === undefined) throw new Error(`${name}: the image has neither CMD nor ENTRYPOINT.`);
  const port = await freePort({ random: deps.random });
  const env = {
    HOME: tmpdir(),
    ...image.env,
    ...Object.fromEntries(
      Object.entries(spec.env).map(([key, value]) => [
        key,
        key === "PATH" ? rewriteSearchPath(value, image.root) : paths(value),
      ]),
    ),
    PORT: String(port),
  };
  const given = spec.healthCheck ?? image.healthcheck;
  const check = given && given.test[0] !== "NONE" ? given : undefined;
  return new RunningContainer({
    name,
    port,
    process: deps.processes.spawn({ name, command, args, env, cwd: image.workdir }),
    check: check && { ...check, test: check.test.map(paths) },
    exec: { processes: deps.processes, name, env, cwd: image.workdir },
    clock: deps.clock,
    stopSignal: image.stopSignal,
    stopTimeoutSeconds: spec.stopTimeoutSeconds,
    listenSeconds: deps.listenSeconds ?? 20,
  });
}
