/** The user ended the command by a signal. */
export class CalledOff extends Error {
  override readonly name = "CalledOff";
  readonly by: NodeJS.Signals;

  constructor(by: NodeJS.Signals) {
    super(`called off by ${by}`);
    this.by = by;
  }
}
