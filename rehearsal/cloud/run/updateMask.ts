import { badField } from "../googleError.ts";
import type { ServiceInput } from "./resources.ts";

/** What an update may name; the wire writes it in camel case, Python's client in snake case too. */
const fields = [
  "description",
  "labels",
  "annotations",
  "client",
  "clientVersion",
  "ingress",
  "launchStage",
  "binaryAuthorization",
  "template",
  "traffic",
  "scaling",
  "invokerIamDisabled",
  "defaultUriDisabled",
  "customAudiences",
] as const;

/**
 * The service that an update asks for: without a mask the request's alone, else what there is with those fields of it.
 *
 * @param mask - names with commas between them.
 * @throws GoogleError INVALID_ARGUMENT for a name that can't be updated by itself.
 */
export function masked(
  present: ServiceInput,
  request: ServiceInput,
  mask: string | undefined,
): ServiceInput {
  if (!mask || mask === "*") return request;
  const result: ServiceInput = { ...present };
  for (const path of mask.split(",")) {
    const name = path.trim().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const field = fields.find((one) => one === name);
    if (field === undefined) {
      throw badField("update_mask", `'${path}' is not rehearsed; ${fields.join(", ")} are.`);
    }
    Object.assign(result, { [field]: request[field] });
  }
  return result;
}
