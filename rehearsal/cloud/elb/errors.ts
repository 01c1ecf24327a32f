import { AwsError } from "../awsError.ts";

/** A value that the API itself refuses. */
export function invalid(message: string): AwsError {
  return new AwsError("ValidationError", message);
}

/** The cloud can do it, the rehearsal can't, and says so instead of doing something else. */
export function notRehearsed(what: string, instead: string): AwsError {
  return new AwsError("NotRehearsed", `${what} is not rehearsed: ${instead}`);
}

/**
 * Checks a number that the API limits.
 *
 * @throws AwsError ValidationError.
 */
export function within(name: string, value: number, from: number, to: number): number {
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  throw invalid(`${name} '${value}' must be a whole number from ${from} to ${to}`);
}

/**
 * Checks a load balancer's or target group's name (ELBv2: CreateLoadBalancerInput, CreateTargetGroupInput).
 *
 * @throws AwsError ValidationError.
 */
export function checkedName(kind: string, name: string | undefined): string {
  if (!name) throw invalid(`A ${kind} name must be given`);
  if (name.length > 32) {
    throw invalid(
      `The ${kind} name '${name}' cannot be longer than '32' characters; it has ${name.length}`,
    );
  }
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw invalid(
      `The ${kind} name '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`,
    );
  }
  if (/^-|-$/.test(name)) {
    throw invalid(`The ${kind} name '${name}' cannot begin or end with a hyphen(-)`);
  }
  return name;
}
