import { dockerProvider } from "./docker.ts";
import type { ProviderKind } from "./providerKind.ts";
import { randomProvider } from "./random.ts";
import { serveProvider } from "./serveProvider.ts";
import type { World } from "./world.ts";

export interface ServedProviders {
  /** Provider name → port, for the engine to attach to. */
  readonly ports: Record<string, number>;
  close(): Promise<void>;
}

/** Serves a cloud's own provider, and those that every program uses. */
export async function serveProviders(
  own: Record<string, ProviderKind>,
  world: World,
): Promise<ServedProviders> {
  const ports: Record<string, number> = {};
  const closers: (() => Promise<void>)[] = [];
  const kinds = { ...own, docker: dockerProvider, random: randomProvider };
  for (const [name, kind] of Object.entries(kinds)) {
    const provider = await serveProvider({ ...kind, world });
    ports[name] = provider.port;
    closers.push(() => provider.close());
  }
  return {
    ports,
    close: async () => {
      for (const close of closers) await close();
    },
  };
}
