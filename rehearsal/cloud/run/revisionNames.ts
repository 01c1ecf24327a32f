import { seededRandom } from "../../seededRandom.ts";

const letters = "bcdfghjkmnpqrstvwxyz2456789";

/**
 * Name of a service's revision by its number, as Cloud Run makes them up: `app-00002-k7d`.
 *
 * @param life - how often there has been a service of that name: numbers begin anew, names never come again.
 */
export function revisionName(service: string, number: number, seed: number, life = 1): string {
  const random = seededRandom(seed, "revision", service, number, life);
  const suffix = Array.from({ length: 3 }, () => letters[Math.floor(random() * letters.length)]);
  return `${service}-${String(number).padStart(5, "0")}-${suffix.join("")}`;
}
