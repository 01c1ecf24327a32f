import type { Image } from "../container/image.ts";

/** What the behaving resource types act on. Shapes are the cloud SDK's own. */
export interface Services {
  loadBalancing: { inventory?(): string[] };
  ecs: { inventory?(): string[] };
  autoScaling: { inventory?(): string[] };
  registry: {
    push(repository: string, tag: string, image: Image): string;
    list(repository: string): string[];
    remove(repository: string): void;
  };
  buildImage(build: ImageBuild): Promise<Image>;
}

export interface ImageBuild {
  context: string;
  dockerfile: string;
  buildArgs?: Record<string, string>;
  target?: string;
}
