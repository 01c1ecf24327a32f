import { secretSignature, signature } from "../../provider/properties.ts";

/** A property as a cloud would see it. */
export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/** Takes the wrappings off properties, and says where something secret was. */
export function plain(properties: object): {
  value: { [key: string]: Plain };
  secrets: string[];
} {
  const secrets: string[] = [];
  const value = Object.fromEntries(
    Object.entries(properties).map(([key, property]) => [key, unwrap(property, key, secrets)]),
  );
  return { value, secrets };
}

function unwrap(property: unknown, path: string, secrets: string[]): Plain {
  if (Array.isArray(property)) {
    return property.map((item, index) => unwrap(item, `${path}[${index}]`, secrets));
  }
  if (typeof property !== "object" || property === null) return property as Plain;
  const entries = Object.entries(property);
  const wrapping = entries.find(([key]) => key === signature)?.[1];
  if (wrapping === undefined) {
    return Object.fromEntries(
      entries.map(([key, inner]) => [key, unwrap(inner, `${path}.${key}`, secrets)]),
    );
  }
  if (wrapping !== secretSignature) throw new Error(`${path} is something unexpected: ${wrapping}`);
  secrets.push(path);
  return unwrap(entries.find(([key]) => key === "value")?.[1], path, []);
}
