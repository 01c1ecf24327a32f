import type { v2 } from "@google-cloud/run";
import type { GoogleAuth } from "google-auth-library";
import type { CallOptions } from "../cloudCall.ts";
import type { GcpConnection } from "../messages.ts";
import { asGoogleError } from "./googleError.ts";

/** That Google's client does not ask again by itself, in time that is not ours. */
export const once = { retry: null } as const;

/**
 * Waits for one call of a Google client, in Google's words when it fails. The clients can't be called off: what comes
 * after `abortSignal` is left alone.
 */
export async function googleCall<T>(
  ask: () => Promise<T>,
  { abortSignal }: CallOptions = {},
): Promise<T> {
  abortSignal?.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(abortSignal?.reason);
  abortSignal?.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([ask(), aborted.promise]);
  } catch (error) {
    throw asGoogleError(error);
  } finally {
    abortSignal?.removeEventListener("abort", abort);
  }
}

type ClientOptions = NonNullable<ConstructorParameters<typeof v2.ServicesClient>[0]>;

/** How a Google client finds its API, and by whom it goes there. */
export function clientOptions(
  { endpoints }: GcpConnection,
  api: "run" | "monitoring",
  auth: GoogleAuth,
): ClientOptions {
  const options: ClientOptions = { fallback: true };
  // The clients have a copy of the library of their own, and so a type; they only ever ask for `fetch`.
  Object.assign(options, { auth });
  const url = endpoints?.[api];
  if (url === undefined) return options;
  const { protocol, hostname, port } = new URL(url);
  const isPlain = protocol === "http:";
  options.apiEndpoint = hostname;
  options.protocol = isPlain ? "http" : "https";
  options.port = port === "" ? (isPlain ? 80 : 443) : Number(port);
  return options;
}
