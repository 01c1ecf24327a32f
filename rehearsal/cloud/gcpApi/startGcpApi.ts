import type { IncomingMessage, ServerResponse } from "node:http";
import { NoAnswer } from "../api/noAnswer.ts";
import { type ServedApi, serveOnLoopback } from "../api/serveOnLoopback.ts";
import { GoogleError } from "../googleError.ts";
import type { Monitoring } from "../monitoring/monitoring.ts";
import type { RunApi } from "../run/runApi.ts";
import { readRequest } from "./request.ts";
import { type GcpServiceName, type Route, routesOf } from "./routes.ts";

export type { GcpServiceName } from "./routes.ts";

export interface GcpApiArgs {
  run: RunApi;
  monitoring: Monitoring;
  /**
   * Sees each call before the service does; what it throws is the answer, and {@link NoAnswer} cuts the connection.
   *
   * @default nothing
   */
  intercept?: (
    service: GcpServiceName,
    operation: string,
    request: unknown,
  ) => void | Promise<void>;
  /**
   * The time by which answers are dated, in milliseconds since the Unix epoch.
   *
   * @default the wall's
   */
  now?: () => number;
}

/** Serves the emulated Google services to any of Google's clients that speaks REST; tokens are taken as they come. */
export async function startGcpApi(args: GcpApiArgs): Promise<ServedApi> {
  const routes = routesOf(args.run, args.monitoring);
  return serveOnLoopback((message, response) => {
    const write = (status: number, body: object) => send(response, status, body, args.now);
    answer(args, routes, message).then(
      (body) => write(200, body),
      (error: unknown) => {
        // Nobody is there to answer it.
        if (error instanceof NoAnswer) return response.destroy();
        const { code, status, message: text, details } = asGoogleError(error);
        write(status, { error: { code: status, message: text, status: code, details } });
      },
    );
  });
}

async function answer(
  { intercept }: GcpApiArgs,
  routes: readonly Route[],
  message: IncomingMessage,
): Promise<object> {
  const request = await readRequest(message);
  for (const { service, operation, method, path, answer: ask } of routes) {
    const resource = method === request.method ? path.exec(request.path)?.[1] : undefined;
    if (resource === undefined) continue;
    await intercept?.(service, operation, request);
    return ask(resource, request);
  }
  throw new GoogleError(
    "NOT_FOUND",
    `${request.method} ${request.path} is not rehearsed. To add it, give rehearsal/cloud/gcpApi/routes.ts a route.`,
  );
}

function asGoogleError(error: unknown): GoogleError {
  if (error instanceof GoogleError) return error;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new GoogleError("INTERNAL", `The rehearsal failed: ${text}`);
}

function send(response: ServerResponse, status: number, body: object, now = Date.now): void {
  const date = new Date(now()).toUTCString();
  response
    .writeHead(status, { "content-type": "application/json; charset=UTF-8", date })
    .end(JSON.stringify(body));
}
