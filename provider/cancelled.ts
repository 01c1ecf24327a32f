/** The user, or the engine's end, called the operation off. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}
