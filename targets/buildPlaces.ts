import { relative } from "node:path";
import type { BuiltImage } from "../settings.ts";

/** Paths of what an image is built from, from the project's folder: they are the same on every machine. */
export function buildPlaces({
  root,
  context,
  dockerfile,
}: Pick<BuiltImage, "root" | "context" | "dockerfile">): { context: string; dockerfile: string } {
  const path = (absolute: string) => relative(root, absolute) || ".";
  return { context: path(context), dockerfile: path(dockerfile) };
}
