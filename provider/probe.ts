import http from "node:http";
import https from "node:https";
import { messageOf } from "./messageOf.ts";
import { releaseHeader } from "./messages.ts";

/** One HTTP GET, told as far as a promotion cares. Never throws, except when `signal` aborts. */
export type Probe = (request: ProbeRequest, signal: AbortSignal) => Promise<ProbeAnswer>;

export interface ProbeRequest {
  url: string;
  header?: { name: string; value: string } | undefined;
  /** Identity token of whoever asks. @default none */
  token?: string;
  /** Real seconds, from the start of the connection to the answer's last byte. */
  timeoutSeconds: number;
}

export interface ProbeAnswer {
  /** HTTP status; undefined when there was no complete answer. */
  status?: number;
  /** Release id that the answer carries. */
  release?: string;
  /** The body's `health_percentage`. */
  healthPercentage?: number;
  /** Why there was no complete answer. */
  error?: string;
}

/** A health report is a few hundred bytes; whatever sends more is not one. */
const longestBody = 256 * 1024;

/**
 * Probes over a connection of its own: a kept-alive one would ask the same task every time, and the gate wants the
 * load balancer to choose.
 */
export const httpProbe: Probe = async ({ url, header, token, timeoutSeconds }, signal) => {
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  try {
    return await get({ url, header, token }, AbortSignal.any([signal, timeout]));
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) return { error: `no answer within ${timeoutSeconds} s` };
    return { error: messageOf(error) };
  }
};

function get(
  { url, header, token }: Pick<ProbeRequest, "url" | "header" | "token">,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const headers: Record<string, string> = { accept: "application/json", connection: "close" };
  if (header) headers[header.name] = header.value;
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  const { request } = url.startsWith("https:") ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > longestBody) response.destroy(new Error(`answer over ${longestBody} bytes`));
        else chunks.push(chunk);
      });
      response.on("error", reject);
      response.on("end", () => {
        if (!response.complete) return reject(new Error("the answer broke off"));
        resolve({
          status: response.statusCode,
          release: singleHeader(response.headers[releaseHeader]),
          healthPercentage: readHealth(Buffer.concat(chunks).toString("utf8")),
        });
      });
    });
    sent.on("error", reject);
    sent.end();
  });
}

function singleHeader(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function readHealth(body: string): number | undefined {
  try {
    const report: unknown = JSON.parse(body);
    if (typeof report !== "object" || report === null) return undefined;
    const percentage = (report as { health_percentage?: unknown }).health_percentage;
    return typeof percentage === "number" ? percentage : undefined;
  } catch {
    return undefined;
  }
}
