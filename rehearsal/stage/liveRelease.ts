import { releaseHeader } from "../../provider/messages.ts";

/** Release id that a URL answers with; null when nobody answers, or without one. */
export async function liveRelease(url: string): Promise<string | null> {
  try {
    const response = await fetch(`${url}/version`, { signal: AbortSignal.timeout(5000) });
    await response.arrayBuffer();
    return response.headers.get(releaseHeader);
  } catch {
    return null;
  }
}
