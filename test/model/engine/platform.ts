import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { releaseHeader, releaseVariable } from "../../../provider/messages.ts";
import type { Container, ContainerSpec } from "../../../rehearsal/container/container.ts";
import { FakeContainer } from "../../rehearsal/ecs/support/fakeContainers.ts";
import type { Release } from "../model.ts";

/** File of an image that says which release it is. */
export const releaseFile = "release.json";

/** Starts platforms in this process: they keep the platform's contract and do what their release is made for. */
export class Platforms {
  readonly #all: FakeContainer[] = [];
  /** Release by the id that the program has given it. */
  readonly #releases = new Map<string, Release>();

  /** Ids of the releases with a running task. */
  running(): string[] {
    const ids = this.#all
      .filter(({ running }) => running)
      .map(({ spec }) => spec.env[releaseVariable] ?? "unknown");
    return [...new Set(ids)];
  }

  /** The name by which the model knows it. */
  nameOf(id: string): string {
    return this.#releases.get(id)?.name ?? id;
  }

  /** Says what a release is whose image says something else. */
  name(id: string, release: Release): void {
    this.#releases.set(id, release);
  }

  readonly start = async (spec: ContainerSpec): Promise<Container> => {
    const id = spec.env[releaseVariable] ?? "unknown";
    const release: Release =
      this.#releases.get(id) ??
      JSON.parse(readFileSync(join(spec.image.workdir, releaseFile), "utf8"));
    this.#releases.set(id, release);
    const server = serve(id, release);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const container = new FakeContainer(spec, port);
    container.onStopped(() => {
      server.close();
      server.closeAllConnections();
    });
    this.#all.push(container);
    setImmediate(() => container.becomes("HEALTHY"));
    return container;
  };

  close(): void {
    for (const container of this.#all) container.exit("the model ends");
  }
}

function serve(id: string, { kind }: Release): Server {
  return createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
    request.resume();
    const percentage = kind === "unhealthy" ? 60 : 100;
    const isHealth = request.url?.startsWith("/health") ?? false;
    const isProbe = isHealth || request.url?.startsWith("/ready") || request.url === "/live";
    const fails = isHealth ? percentage < 80 : kind === "regressing" && !isProbe;
    const status = fails ? (isHealth ? 503 : 500) : 200;
    response.writeHead(status, { [releaseHeader]: id, "content-type": "application/json" });
    response.end(JSON.stringify({ release: id, health_percentage: percentage }));
  });
}
