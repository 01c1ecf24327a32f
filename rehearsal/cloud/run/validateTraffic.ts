import { badField } from "../googleError.ts";
import { refuseUnknownFields } from "./refuseUnknownFields.ts";
import { byRevision, latest, type TrafficTarget } from "./resources.ts";

const known = new Set<string>(["type", "revision", "percent", "tag"]);
/** A tag's URL is one DNS label: `TAG---SERVICE-HASH-REGION`. */
const longestTagAndService = 46;

/**
 * Rules of a service's traffic. Whether the revisions exist is found out later, when the routes are made.
 *
 * @throws GoogleError INVALID_ARGUMENT.
 */
export function checkTraffic(traffic: readonly TrafficTarget[], serviceId: string): void {
  const tags = new Set<string>();
  for (const [index, target] of traffic.entries()) {
    const field = `traffic[${index}]`;
    refuseUnknownFields(target, known, field);
    checkTarget(target, field);
    if (!target.tag) continue;
    if (tags.has(target.tag)) throw badField(`${field}.tag`, `'${target.tag}' is used twice.`);
    tags.add(target.tag);
    checkTag(target.tag, `${field}.tag`, serviceId);
  }
  const sum = traffic.reduce((total, { percent = 0 }) => total + percent, 0);
  if (traffic.length > 0 && sum !== 100) {
    throw badField("traffic", `The sum of all percents must be 100, it is ${sum}.`);
  }
}

function checkTarget({ type, revision, percent = 0 }: TrafficTarget, field: string): void {
  if (type !== latest && type !== byRevision) {
    throw badField(`${field}.type`, `'${type}' must be ${latest} or ${byRevision}.`);
  }
  if (type === byRevision && !revision) {
    throw badField(`${field}.revision`, "A revision must be named where traffic goes by revision.");
  }
  if (type === latest && revision) {
    throw badField(
      `${field}.revision`,
      "No revision may be named where traffic goes to the latest.",
    );
  }
  if (Number.isInteger(percent) && percent >= 0 && percent <= 100) return;
  throw badField(`${field}.percent`, `${percent} must be a whole number between 0 and 100.`);
}

function checkTag(tag: string, field: string, serviceId: string): void {
  if (!/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(tag)) {
    throw badField(
      field,
      `'${tag}' must use only lowercase alphanumeric characters and dashes, begin with a letter, and not end with a dash.`,
    );
  }
  if (tag.length + serviceId.length <= longestTagAndService) return;
  throw badField(
    field,
    `traffic tag '${tag}' and service name '${serviceId}' together are too long. Combined traffic tag and service name ` +
      `cannot exceed ${longestTagAndService} characters.`,
  );
}
