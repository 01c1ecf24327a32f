import type { Tag } from "@aws-sdk/client-ecs";
import { AwsError } from "../awsError.ts";

/** Per resource; as key and value lengths and characters, by the Developer Guide's "Tag restrictions". */
const mostTags = 50;
const allowed = /^[\p{L}\p{N}\p{Zs}_.:/=+\-@]*$/u;

/** The tags of every ECS resource that has some, by its ARN. */
export class Tags {
  readonly #tags = new Map<string, Map<string, string>>();

  /** In the order in which their keys were first set. */
  of(arn: string): Tag[] {
    return [...(this.#tags.get(arn) ?? [])].map(([key, value]) => ({ key, value }));
  }

  /**
   * Sets tags; those of other keys stay.
   *
   * @throws AwsError InvalidParameterException, LimitExceededException.
   */
  add(arn: string, tags: readonly Tag[]): void {
    checkTags(tags);
    const result = new Map(this.#tags.get(arn));
    for (const { key = "", value = "" } of tags) result.set(key, value);
    if (result.size > mostTags) {
      throw new AwsError(
        "LimitExceededException",
        `A resource has at most ${mostTags} tags; ${arn} would have ${result.size}.`,
      );
    }
    this.#tags.set(arn, result);
  }

  /** Keys that it does not have are no error. */
  remove(arn: string, keys: readonly string[]): void {
    for (const key of keys) this.#tags.get(arn)?.delete(key);
  }

  /** For a resource that is gone: another by its name begins without any. */
  clear(arn: string): void {
    this.#tags.delete(arn);
  }
}

/** @throws AwsError InvalidParameterException. */
export function checkTags(tags: readonly Tag[]): void {
  const keys = tags.map(({ key = "" }) => key);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw invalid(`Duplicate tag key '${twice}'.`);
  for (const { key = "", value = "" } of tags) {
    checkText("key", key, 128);
    checkText(`value of '${key}'`, value, 256);
    if (key === "") throw invalid("A tag key has 1 to 128 characters; one is empty.");
    if (/^aws:/i.test(key) || /^aws:/i.test(value)) {
      throw invalid(`Tag '${key}': aws: is reserved for AWS as a prefix of keys and values.`);
    }
  }
}

function checkText(what: string, text: string, length: number): void {
  const characters = Array.from(text).length;
  if (characters > length) {
    throw invalid(`A tag's ${what} has at most ${length} characters, not ${characters}.`);
  }
  if (!allowed.test(text)) {
    throw invalid(
      `A tag's ${what} holds letters, digits, spaces and _ . : / = + - @ only, not: ${text}`,
    );
  }
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}
