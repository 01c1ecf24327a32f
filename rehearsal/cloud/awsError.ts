/** What a call to the emulated cloud is refused with; the wire turns it into the error shape of its protocol. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  /** The error's code as the service's SDK knows it, such as `InvalidParameterException`. */
  readonly code: string;
  /** HTTP status; 4xx is the caller's fault. */
  readonly status: number;

  /** @param status - Default: 400. */
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
