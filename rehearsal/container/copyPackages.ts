import { posix } from "node:path";
import { type StageState, systemEnvironment } from "./stageState.ts";

/**
 * Takes over the virtual environments and `node_modules` at, or below, a source.
 *
 * @returns whether the source is nothing but one of them, so that there are no files to copy.
 * @throws Error, when the image has no Python for a virtual environment.
 */
export function copyPackages(
  from: StageState,
  to: StageState,
  source: string,
  destination: string,
): boolean {
  const path = posix.resolve("/", source);
  // The image's own packages travel as their folder, with the scripts or without.
  const isSystem = /^\/usr\/local(\/bin|\/lib(\/python[\d.]+(\/site-packages)?)?)?$/.test(path);
  const own = from.environments[systemEnvironment];
  if (own && isSystem && destination.startsWith(systemEnvironment)) {
    requirePython(to, path);
    to.environments[systemEnvironment] = structuredClone(own);
    return true;
  }
  const isBelow = (folder: string) =>
    folder === path || folder.startsWith(path === "/" ? "/" : `${path}/`);
  const place = (folder: string) => posix.join(destination, folder.slice(path.length));
  for (const [folder, installs] of Object.entries(from.environments)) {
    if (folder === systemEnvironment || !isBelow(folder)) continue;
    requirePython(to, folder);
    to.environments[place(folder)] = structuredClone(installs);
  }
  for (const [folder, install] of Object.entries(from.modules)) {
    if (isBelow(folder)) to.modules[place(folder)] = structuredClone(install);
  }
  return path !== systemEnvironment && (path in from.environments || path in from.modules);
}

function requirePython({ runtime }: StageState, environment: string): void {
  if (runtime.kind === "python") return;
  throw new Error(
    `the virtual environment ${environment} needs a Python, and FROM ${runtime.image} has none in a rehearsal.`,
  );
}
