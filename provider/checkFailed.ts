/** A promotion's check said no. The promotion turns it into the one message that `pulumi up` fails with. */
export class CheckFailed extends Error {
  override readonly name = "CheckFailed";
  readonly check: string;

  /**
   * @param check - which check failed: `gate`, `bake`, `proof`, `scale-up`, …
   * @param measured - what was measured, and what would have been enough.
   */
  constructor(check: string, measured: string) {
    super(`${check}: ${measured}`);
    this.check = check;
  }
}
