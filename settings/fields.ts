import { z } from "zod";

/** What the documentation and the error messages say of a key; it hangs on the schema of the key. */
export interface FieldMeta {
  description?: string;
  /** In words: `a whole number from 1 to 100 (percent)`. */
  allowed?: string;
  unit?: string;
  /** What to do about a wrong value, where it is not plain from what is allowed. */
  mend?: string;
  /** The value must not be printed. */
  hidden?: boolean;
  /** The default in words, where it is worked out from other values. */
  derived?: string;
}

/** A whole number with its range and unit. */
export function whole(min: number, max: number, unit: string, description: string) {
  const allowed = `a whole number from ${min} to ${max}${unit === "" ? "" : ` (${unit})`}`;
  const meta: FieldMeta = { description, allowed, unit };
  return z
    .int()
    .min(min)
    .max(max)
    .meta({ ...meta });
}

/** A number with its range and unit. */
export function decimal(min: number, max: number, unit: string, description: string) {
  const meta: FieldMeta = {
    description,
    allowed: `a number from ${min} to ${max} (${unit})`,
    unit,
  };
  return z
    .number()
    .min(min)
    .max(max)
    .meta({ ...meta });
}

/** A text of a certain form. */
export function text(pattern: RegExp, meta: FieldMeta & { description: string; allowed: string }) {
  return z
    .string()
    .regex(pattern)
    .meta({ ...meta });
}

/** One of a few words. */
export function oneOf<const T extends readonly [string, ...string[]]>(
  values: T,
  description: string,
) {
  const meta: FieldMeta = { description, allowed: `one of ${values.join(", ")}` };
  return z.enum(values).meta({ ...meta });
}

/** The meta of a schema, looked for under its default and its optionality. */
export function fieldMeta(schema: z.core.$ZodType): FieldMeta {
  const own: FieldMeta = z.globalRegistry.get(schema) ?? {};
  const inner = innerOf(schema);
  return inner === undefined ? own : { ...fieldMeta(inner), ...own };
}

/** The default of a key, or undefined when it has none. */
export function fieldDefault(schema: z.core.$ZodType): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return schema.def.defaultValue;
  const inner = innerOf(schema);
  return inner === undefined ? undefined : fieldDefault(inner);
}

/** The schema without its default and its optionality. */
export function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const inner = innerOf(schema);
  return inner === undefined ? schema : bare(inner);
}

/** The schema at a path of keys; undefined where the path leads nowhere. */
export function schemaAt(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
): z.core.$ZodType | undefined {
  const [key, ...rest] = path;
  const here = bare(schema);
  if (key === undefined) return here === schema ? here : schema;
  const next =
    here instanceof z.ZodObject
      ? here.shape[String(key)]
      : here instanceof z.ZodRecord
        ? here.valueType
        : here instanceof z.ZodArray
          ? here.element
          : undefined;
  return next === undefined ? undefined : schemaAt(next, rest);
}

function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const wraps =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional;
  return wraps ? schema.def.innerType : undefined;
}
