import struct from "google-protobuf/google/protobuf/struct_pb.js";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A property bag as the engine sends it: plain JSON in which secrets and unknown values are marked. */
export type Properties = { [key: string]: Json };

/** Stands for a value that is only known once its resource exists (sdk/go/common/resource/plugin/rpc.go). */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Key and value that mark an object of the wire as something special, here a secret (sdk/go/…/properties.go). */
export const signature = "4dabf18193072939515e22adb298388d";
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** The properties of a message; an absent struct is an empty one. */
export function fromStruct(message: struct.Struct | undefined): Properties {
  return message?.toJavaScript() ?? {};
}

export function toStruct(properties: Properties): struct.Struct {
  return struct.Struct.fromJavaScript(properties);
}

export function isSecret(
  value: Json | undefined,
): value is { [signature]: typeof secretSignature; value: Json } {
  return isObject(value) && value[signature] === secretSignature;
}

export function secret(value: Json): Json {
  return { [signature]: secretSignature, value };
}

/** The bag with its secrets in plain: for use in this process, never to be sent or printed. */
export function revealAll(properties: Properties): Properties {
  const plain = reveal(properties);
  return isObject(plain) ? plain : {};
}

function reveal(value: Json): Json {
  if (isSecret(value)) return reveal(value.value);
  if (Array.isArray(value)) return value.map(reveal);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reveal(inner)]));
}

/** The bag with the value at `path` marked as a secret, where it is one neither by itself nor by what holds it. */
export function withSecret(value: Json, path: readonly string[]): Json {
  if (isSecret(value)) return value;
  const [key, ...rest] = path;
  if (key === undefined) return secret(value);
  const inner = isObject(value) ? value[key] : undefined;
  if (!isObject(value) || inner === undefined) return value;
  return { ...value, [key]: withSecret(inner, rest) };
}

export function isObject(value: Json | undefined): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every leaf of a plain bag by its path, as the engine writes paths: `gate.header.name`, `bake.alarms[0]`. */
export function leaves(value: Json, path = ""): Map<string, Json> {
  const found = new Map<string, Json>();
  const inner: [string, Json][] = Array.isArray(value)
    ? value.map((item, index) => [`${path}[${index}]`, item])
    : isObject(value)
      ? Object.entries(value).map(([key, item]) => [path === "" ? key : `${path}.${key}`, item])
      : [];
  if (inner.length === 0 && path !== "") found.set(path, value);
  for (const [at, item] of inner) for (const leaf of leaves(item, at)) found.set(...leaf);
  return found;
}
