import { expect } from "chai";
import { AwsError } from "../../../rehearsal/cloud/awsError.ts";

/** Expects a call to be refused with an AWS error of that code and a message like that. */
export async function expectRefusal(
  call: Promise<unknown>,
  code: string,
  text: RegExp,
): Promise<void> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AwsError)) throw new Error(`not refused: ${String(error)}`);
  expect(error.code).to.equal(code);
  expect(error.message).to.match(text);
}
