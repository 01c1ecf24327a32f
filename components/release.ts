import { createHash } from "node:crypto";
import { contextEntries, hashFile } from "./buildContext.ts";
import type { HealthSpec } from "./healthSpec.ts";

/** What an image is built from. */
export interface ImageContent {
  /** Absolute path of the build context. */
  readonly context: string;
  /** Absolute path of the Dockerfile. */
  readonly dockerfile: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Operating system and architecture of the build, such as `linux/amd64`. */
  readonly platform?: string;
}

/** Everything that makes a release the release it is: its image and how it runs. */
export interface ReleaseContent {
  /** What {@link imageHash} says, or the digest reference of an image that exists already. */
  readonly image: string;
  readonly port: number;
  /** CPU units of a task. */
  readonly cpu: number;
  /** Memory of a task in MiB. */
  readonly memory: number;
  /** Environment of the container; without the release's own id. */
  readonly env: Readonly<Record<string, string>>;
  /** Environment name → ARN; an ARN that names a version makes the version part of the release. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly health: HealthSpec;
  readonly drainSeconds: number;
  readonly stopTimeoutSeconds: number;
  readonly keepAliveSeconds: number;
  /** Storage of a task in GiB; what every task has by itself is no part of it. */
  readonly ephemeralStorageGib?: number | undefined;
  /** Processor that an existing image is started on; of one that is built it is part of `image`. */
  readonly architecture?: "arm64" | undefined;
  /** Base URLs of the services that it calls, by name; without any they are no part of it. */
  readonly endpoints?: Readonly<Record<string, string>>;
}

/**
 * Content hash of all that a build reads: context, Dockerfile, arguments and platform. It knows nothing of how the
 * image runs, so a changed variable builds nothing.
 *
 * @returns 64 hexadecimal digits, the same on every machine for the same checkout.
 * @throws when a file cannot be read, or is neither a file, a folder nor a link.
 */
export function imageHash({ context, dockerfile, buildArgs = {}, platform }: ImageContent): string {
  const build = {
    context: contextHash(context, dockerfile),
    buildArgs,
    platform: platform ?? null,
  };
  return createHash("sha256").update(canonical(build)).digest("hex");
}

/**
 * Content hash of a build context as `.dockerignore` leaves it, and of the Dockerfile: names, contents, links and
 * which files are executable. Folders without files don't count, as git doesn't keep them.
 *
 * @returns 64 hexadecimal digits.
 */
export function contextHash(context: string, dockerfile: string): string {
  const hash = createHash("sha256");
  hash.update(canonical({ dockerfile: hashFile(dockerfile) }));
  for (const entry of contextEntries(context, dockerfile)) hash.update(canonical(entry));
  return hash.digest("hex");
}

/**
 * The name of a release: a hash of its content, known at preview.
 *
 * @returns 12 hexadecimal digits: short enough to read out, and one chance in 2⁴⁸ that two releases share it.
 */
export function releaseId(content: ReleaseContent): string {
  // Field by field: what else the caller's object has, such as the number of tasks, is no part of a release.
  const { image, port, cpu, memory, env, secrets, health } = content;
  const { drainSeconds, stopTimeoutSeconds, keepAliveSeconds, endpoints = {} } = content;
  const { ephemeralStorageGib, architecture } = content;
  const runtime = { port, cpu, memory, env, secrets, health };
  const times = { drainSeconds, stopTimeoutSeconds, keepAliveSeconds };
  // What is new here must not rename the releases of those that don't use it.
  const calls = Object.keys(endpoints).length > 0 ? { endpoints } : {};
  const sizes = {
    ...(ephemeralStorageGib !== undefined && { ephemeralStorageGib }),
    ...(architecture !== undefined && { architecture }),
  };
  return shortHash({ image, ...runtime, ...times, ...calls, ...sizes });
}

/**
 * The name of a release where all that is declared of a service is part of it: on Cloud Run, any change of it may make
 * a revision, and none may go past the gate.
 *
 * @param declaration - plain values, and in place of what is known only later, what that depends on: of an image what
 *   {@link imageHash} says, of another service its name.
 * @returns 12 hexadecimal digits, as {@link releaseId}.
 */
export function declarationId(declaration: object): string {
  return shortHash(declaration);
}

function shortHash(value: object): string {
  return createHash("sha256").update(canonical(value)).digest("hex").slice(0, 12);
}

/** JSON with sorted keys: the order in which a user writes keys means nothing. */
function canonical(value: object): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).toSorted(byName)) : part,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : Number(a > b);
}
