import { DockerfileError, type Stage } from "./parseDockerfile.ts";
import type { Runtime } from "./stageState.ts";

export interface BaseImage {
  runtime: Runtime;
  /** What of the base image the rehearsal can't keep. */
  notRehearsed: string[];
}

/** How much of a tag says which version a language has; `python:3` leaves it open. */
const versions = { python: /^\d+(\.\d+){1,2}/, node: /^\d+(\.\d+){0,2}/ } as const;

/**
 * Reads the base image of a stage. Known are the official `python` and `node` images, from a mirror too: their
 * programs are this machine's.
 *
 * @throws DockerfileError for any other one.
 */
export function readBaseImage(from: Stage["from"], image: string): BaseImage {
  const { path = "", tag = "" } =
    /^(?<path>[^@]+?)(?::(?<tag>[^@:/]+))?(?:@sha256:[0-9a-f]+)?$/.exec(image)?.groups ?? {};
  const [name = "", ...folders] = path.split("/").toReversed();
  const kind = name === "python" || name === "node" ? name : undefined;
  if (kind === undefined || !isOfficial(folders)) throw refusal(from, image);
  const version = versions[kind].exec(tag)?.[0] ?? null;
  const notRehearsed = /alpine/.test(tag)
    ? [`FROM ${image}: this machine's C library and shell stand for Alpine's`]
    : [];
  return { runtime: { kind, version, image }, notRehearsed };
}

/** `python`, `docker.io/library/python`, `mirror.example.com/python`, `mirror.example.com/hub/library/python`. */
function isOfficial([parent, ...rest]: string[]): boolean {
  if (parent === undefined || parent === "library") return true;
  return rest.length === 0 && /[.:]|^localhost$/.test(parent);
}

function refusal(from: Stage["from"], image: string): DockerfileError {
  return new DockerfileError(
    from,
    `the rehearsal has nothing that stands for the base image "${image}". It runs the official images, FROM ` +
      "python:<version> and FROM node:<version>, -slim and -alpine too, also from a mirror (<mirror>/library/python), " +
      "and stages that begin with one.",
  );
}
