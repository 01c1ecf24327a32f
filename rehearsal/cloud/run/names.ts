import { badField, GoogleError } from "../googleError.ts";

const namePattern = /^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$/;

/** Parts of `projects/P/locations/L`. */
export interface Place {
  project: string;
  location: string;
}

/** @throws GoogleError INVALID_ARGUMENT. */
export function parseParent(parent: string): Place {
  const [, project, location] = /^projects\/([^/]+)\/locations\/([^/]+)$/.exec(parent) ?? [];
  if (project === undefined || location === undefined) {
    throw badField("parent", `'${parent}' is not of the form projects/PROJECT/locations/LOCATION.`);
  }
  return { project, location };
}

/**
 * Parts of `projects/P/locations/L/services/S`.
 *
 * @throws GoogleError INVALID_ARGUMENT.
 */
export function parseServiceName(name: string): Place & { service: string } {
  const [, parent, service] =
    /^(projects\/[^/]+\/locations\/[^/]+)\/services\/([^/]+)$/.exec(name) ?? [];
  if (parent === undefined || service === undefined) {
    throw badField(
      "name",
      `'${name}' is not of the form projects/PROJECT/locations/LOCATION/services/SERVICE.`,
    );
  }
  return { ...parseParent(parent), service };
}

/**
 * A service's id begins with a letter, does not end with a hyphen, and has fewer than 50 characters
 * (CreateServiceRequest.service_id).
 *
 * @throws GoogleError INVALID_ARGUMENT.
 */
export function checkServiceId(id: string): void {
  if (namePattern.test(id)) return;
  throw badField(
    "Violation in CreateServiceRequest.service_id",
    "only lowercase, digits, and hyphens; must begin with letter, and cannot end with hyphen; must be less than 50 characters.",
  );
}

/** The last part of a full name. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

export function notFound(kind: "Service" | "Revision" | "Operation", name: string): GoogleError {
  return new GoogleError(
    "NOT_FOUND",
    `Resource '${shortName(name)}' of kind '${kind.toUpperCase()}' does not exist.`,
  );
}
