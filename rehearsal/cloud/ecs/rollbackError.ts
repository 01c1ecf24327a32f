/** Ends a deployment's way forward; the message becomes its status reason. */
export class RollbackError extends Error {
  override readonly name = "RollbackError";
}
