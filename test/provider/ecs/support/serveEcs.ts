import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { EcsApi } from "../../../../provider/ecs/ecsApi.ts";

/** Serves an ECS in memory over the protocol that the SDK speaks with it (AWS JSON 1.1). */
export async function serveEcs(ecs: EcsApi): Promise<{ url: string; close(): void }> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const target = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
      void answer(ecs, target, Buffer.concat(chunks).toString()).then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
        response.end(JSON.stringify(body));
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answer(ecs: EcsApi, target: string, body: string) {
  const call = `${target[0]?.toLowerCase()}${target.slice(1)}` as keyof EcsApi;
  try {
    return { status: 200, body: withWireDates(await ecs[call](JSON.parse(body || "{}"))) };
  } catch (error) {
    const { name, message } = error as Error;
    return { status: 400, body: { __type: name, message } };
  }
}

/** The protocol writes times as seconds since the epoch. */
function withWireDates(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(withWireDates);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withWireDates(inner)]),
  );
}
