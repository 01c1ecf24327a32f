import type { IncomingMessage } from "node:http";
import { GoogleError } from "../googleError.ts";
import { namedEnum, namedEnums } from "./enums.ts";

/** A request as a handler sees it: fields of the URL's query and of the body, enums by name. */
export interface GcpRequest {
  method: string;
  /** Without the query. */
  path: string;
  /** `a.b=c` is `{ a: { b: "c" } }`; what is repeated is a list. */
  query: Record<string, unknown>;
  body: unknown;
}

/** @throws GoogleError INVALID_ARGUMENT for a body that is no JSON. */
export async function readRequest(message: IncomingMessage): Promise<GcpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const { method = "", url = "/" } = message;
  const { pathname, searchParams } = new URL(url, "http://localhost");
  return {
    method,
    path: decodeURIComponent(pathname),
    query: readQuery(searchParams),
    body: namedEnums(readBody(Buffer.concat(chunks).toString("utf8"))),
  };
}

/** Lists even where only one of them is given. */
const repeated = new Set(["groupByFields"]);

function readQuery(parameters: URLSearchParams): Record<string, unknown> {
  const query: Record<string, unknown> = {};
  for (const key of new Set(parameters.keys())) {
    if (key.startsWith("$")) continue;
    const path = key.split(".");
    const last = path.pop() ?? key;
    const holder = path.reduce<Record<string, unknown>>((outer, name) => {
      const inner = (outer[name] ?? {}) as Record<string, unknown>;
      outer[name] = inner;
      return inner;
    }, query);
    const [value = ""] = parameters.getAll(key);
    holder[last] = repeated.has(last) ? parameters.getAll(key) : named(last, value);
  }
  return query;
}

/** In a URL numbers are text. */
function named(field: string, value: string): unknown {
  const name = /^\d+$/.test(value) ? namedEnum(field, Number(value)) : value;
  return typeof name === "number" ? value : name;
}

function readBody(text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new GoogleError("INVALID_ARGUMENT", "Invalid JSON payload received.");
  }
}
