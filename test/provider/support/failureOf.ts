import { messageOf } from "../../../provider/messageOf.ts";
/** The message that `promise` is rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return messageOf(error);
  }
  throw new Error(`expected a failure, got ${JSON.stringify(value)}`);
}
