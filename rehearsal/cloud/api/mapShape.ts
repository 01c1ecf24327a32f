import { NormalizedSchema } from "@smithy/core/schema";
import type { SchemaRef } from "@smithy/types";

/**
 * Copies a value along its schema. What the schema does not know and what has no value is left out.
 *
 * @param leaf - turns a value that is no structure, list or map into another.
 */
export function mapShape(
  schema: SchemaRef,
  value: unknown,
  leaf: (schema: NormalizedSchema, value: unknown) => unknown,
): unknown {
  const shape = NormalizedSchema.of(schema);
  if (value === undefined || value === null) return undefined;
  if (shape.isListSchema() && Array.isArray(value)) {
    return value.map((item) => mapShape(shape.getValueSchema(), item, leaf));
  }
  if (shape.isMapSchema() && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        mapShape(shape.getValueSchema(), item, leaf),
      ]),
    );
  }
  if (shape.isStructSchema() && typeof value === "object") {
    const result: Record<string, unknown> = {};
    for (const [name, member] of shape.structIterator()) {
      const mapped = mapShape(member, Reflect.get(value, name), leaf);
      if (mapped !== undefined) result[name] = mapped;
    }
    return result;
  }
  return leaf(shape, value);
}

/** Timestamps as numbers of seconds: JSON's and CBOR's way to write them. */
export function toSeconds(value: unknown): unknown {
  return value instanceof Date ? value.getTime() / 1000 : value;
}
