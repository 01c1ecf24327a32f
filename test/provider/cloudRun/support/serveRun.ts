import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import {
  type RunOperation,
  type RunService,
  shortName,
  type TrafficTarget,
} from "../../../../provider/cloudRun/runApi.ts";
import type { FakeRun } from "./fakeRun.ts";
import { serviceName } from "./fakeRun.ts";

/** One request as it came over the wire. */
export interface Seen {
  method: string;
  path: string;
  query: URLSearchParams;
  authorization: string | undefined;
  body: Record<string, unknown>;
}

export interface RunServer {
  url: string;
  seen: Seen[];
  /** Answers of Cloud Monitoring, by what is in the filter and the reducer's number. */
  timeSeries: (query: URLSearchParams) => object;
  /** Milliseconds since the Unix epoch, by which answers are dated. */
  now: () => number;
  close(): void;
}

/** Serves a Cloud Run in memory over the protocol that Google's clients speak with it: REST, with numbers for enums. */
export async function serveRun(run: FakeRun): Promise<RunServer> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://run.test");
      const body = JSON.parse(Buffer.concat(chunks).toString() || "{}");
      const { method = "", headers } = request;
      const { authorization } = headers;
      const one = { method, path: pathname, query: searchParams, authorization, body };
      served.seen.push(one);
      const head = {
        "content-type": "application/json",
        date: new Date(served.now()).toUTCString(),
      };
      void answer(run, served, one).then(({ status, body: told }) => {
        response.writeHead(status, head);
        response.end(JSON.stringify(told));
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const served: RunServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    timeSeries: () => ({ timeSeries: [] }),
    now: Date.now,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return served;
}

async function answer(run: FakeRun, served: RunServer, { method, path, query, body }: Seen) {
  try {
    return { status: 200, body: await dispatch() };
  } catch (error) {
    const { status: code = 500, message } = error as Error & { status?: number };
    const [, words, status] = /^(.*) \(([A-Z_]+)\)$/.exec(message) ?? [message, message, "UNKNOWN"];
    return { status: code, body: { error: { code, status, message: words } } };
  }

  async function dispatch(): Promise<object> {
    if (path === "/v3/projects/acme/timeSeries") return served.timeSeries(query);
    if (path.includes("/operations/"))
      return operation(await run.getOperation({ name: path.slice(4) }));
    if (path.startsWith(`/v2/${serviceName}/revisions/`)) {
      const { labels, createdAt, readiness } = await run.getRevision({ name: path.slice(4) });
      const state = { pending: 2, failed: 3, ready: 4 }[readiness.state];
      const conditions = [{ type: "Ready", state, message: readiness.message }];
      return { name: path.slice(4), labels, createTime: createdAt, conditions };
    }
    if (path !== `/v2/${serviceName}`) throw new Error(`nobody asks for ${path}`);
    if (method === "GET") return shape(await run.getService({ name: serviceName }));
    const mask = (query.get("updateMask") ?? "").split(",");
    const { etag, annotations, traffic } = body as Pick<RunService, "etag" | "annotations"> & {
      traffic?: WireTarget[];
    };
    return operation(
      await run.patchService({
        name: serviceName,
        etag,
        ...(mask.includes("annotations") && { annotations }),
        ...(mask.includes("traffic") && { traffic: (traffic ?? []).map(fromWire) }),
      }),
    );
  }
}

interface WireTarget {
  type: number;
  revision?: string;
  percent?: number;
  tag?: string;
}

function fromWire({ type, revision, percent = 0, tag }: WireTarget): TrafficTarget {
  return { revision: type === 1 ? undefined : revision, percent, tag };
}

function toWire({ revision, percent, tag }: TrafficTarget) {
  return { type: revision === undefined ? 1 : 2, revision, percent, tag };
}

function shape(service: RunService): object {
  const { traffic, serving, latestCreated, latestReady, updatedAt, ...rest } = service;
  const full = (revision: string | undefined) => revision && `${serviceName}/revisions/${revision}`;
  return {
    name: serviceName,
    ...rest,
    traffic: traffic.map(toWire),
    trafficStatuses: serving.map(toWire),
    latestCreatedRevision: full(latestCreated),
    latestReadyRevision: full(latestReady),
    updateTime: updatedAt,
    generation: "7",
  };
}

function operation({ name, done, error }: RunOperation): object {
  const type = "type.googleapis.com/google.cloud.run.v2.Service";
  const metadata = { "@type": type, name: serviceName };
  const end = error === undefined ? { response: metadata } : { error: { code: 9, message: error } };
  return {
    name: `projects/acme/locations/europe-west1/operations/${shortName(name)}`,
    metadata,
    done,
    ...(done && end),
  };
}
