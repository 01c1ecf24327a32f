import { randomUUID } from "node:crypto";
import { NormalizedSchema } from "@smithy/core/schema";
import type { SchemaRef } from "@smithy/types";
import { models, serviceNames } from "./operations.ts";
import type { Protocol, WireAnswer } from "./protocol.ts";

/** Form in, XML out: the load balancers, and older clients of CloudWatch. */
export const awsQuery: Protocol = {
  recognise(request) {
    const form = readForm(request);
    const version = form.get("Version");
    const service = serviceNames.find((name) => models[name].version === version);
    return service && version ? { service, operation: form.get("Action") ?? "" } : undefined;
  },

  read(request, input) {
    return readValue(NormalizedSchema.of(input), readForm(request), "") ?? {};
  },

  write({ operation }, output, value, { xmlNamespace }) {
    const result = writeMembers(NormalizedSchema.of(output), value ?? {});
    const metadata = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
    return answer(
      200,
      `<${operation}Response xmlns="${xmlNamespace}"><${operation}Result>${result}</${operation}Result>${metadata}</${operation}Response>`,
    );
  },

  writeError(error, model) {
    // The SDK names an error's shape "…Exception"; on the wire most have another code.
    const known = model?.queryErrors.get(error.code);
    const { code, status } = known ?? error;
    const type = status < 500 ? "Sender" : "Receiver";
    return answer(
      status,
      `<ErrorResponse xmlns="${model?.xmlNamespace ?? ""}"><Error><Type>${type}</Type><Code>${escape(code)}</Code><Message>${escape(error.message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
    );
  },
};

function readForm({ headers, body, path }: Parameters<Protocol["recognise"]>[0]): URLSearchParams {
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  return new URLSearchParams(isForm ? body.toString("utf8") : (path.split("?")[1] ?? ""));
}

function readValue(shape: NormalizedSchema, form: URLSearchParams, prefix: string): unknown {
  if (shape.isStructSchema()) {
    const result: Record<string, unknown> = {};
    for (const [name, member] of shape.structIterator()) {
      const value = readValue(member, form, prefix === "" ? name : `${prefix}.${name}`);
      if (value !== undefined) result[name] = value;
    }
    return prefix === "" || Object.keys(result).length > 0 ? result : undefined;
  }
  if (shape.isListSchema()) return readList(shape, form, prefix);
  if (shape.isMapSchema()) return readMap(shape, form, prefix);
  const text = form.get(prefix);
  return text === null ? undefined : readLeaf(shape, text);
}

function readList(shape: NormalizedSchema, form: URLSearchParams, prefix: string) {
  const items: unknown[] = [];
  for (let index = 1; ; index += 1) {
    const item = readValue(shape.getValueSchema(), form, `${prefix}.member.${index}`);
    if (item === undefined) break;
    items.push(item);
  }
  // An empty list is written as its bare name.
  return items.length > 0 || form.get(prefix) === "" ? items : undefined;
}

function readMap(shape: NormalizedSchema, form: URLSearchParams, prefix: string) {
  const entries: [string, unknown][] = [];
  for (let index = 1; ; index += 1) {
    const key = form.get(`${prefix}.entry.${index}.key`);
    if (key === null) break;
    entries.push([key, readValue(shape.getValueSchema(), form, `${prefix}.entry.${index}.value`)]);
  }
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function readLeaf(shape: NormalizedSchema, text: string): unknown {
  if (shape.isNumericSchema()) return Number(text);
  if (shape.isBooleanSchema()) return text === "true";
  if (shape.isTimestampSchema()) return new Date(text);
  return text;
}

function writeValue(shape: NormalizedSchema, value: unknown): string {
  if (shape.isListSchema() && Array.isArray(value)) {
    return value
      .map((item) => element("member", writeValue(shape.getValueSchema(), item)))
      .join("");
  }
  if (shape.isMapSchema() && typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([key, item]) => {
        const written = writeValue(shape.getValueSchema(), item);
        return element("entry", element("key", escape(key)) + element("value", written));
      })
      .join("");
  }
  if (shape.isStructSchema()) return writeMembers(shape, value);
  if (value instanceof Date) return value.toISOString();
  return escape(String(value));
}

function writeMembers(schema: SchemaRef, value: unknown): string {
  const shape = NormalizedSchema.of(schema);
  if (!shape.isStructSchema() || typeof value !== "object" || value === null) return "";
  let text = "";
  for (const [name, member] of shape.structIterator()) {
    const item: unknown = Reflect.get(value, name);
    if (item !== undefined && item !== null) text += element(name, writeValue(member, item));
  }
  return text;
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (char) => entities[char] ?? char);
}

function answer(status: number, body: string): WireAnswer {
  return { status, headers: { "content-type": "text/xml" }, body };
}
