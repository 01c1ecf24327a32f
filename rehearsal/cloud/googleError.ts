/** Google's canonical codes, as far as the emulated services use them → HTTP status and number on the wire. */
const codes = {
  INVALID_ARGUMENT: { http: 400, rpc: 3 },
  FAILED_PRECONDITION: { http: 400, rpc: 9 },
  UNAUTHENTICATED: { http: 401, rpc: 16 },
  PERMISSION_DENIED: { http: 403, rpc: 7 },
  NOT_FOUND: { http: 404, rpc: 5 },
  ALREADY_EXISTS: { http: 409, rpc: 6 },
  ABORTED: { http: 409, rpc: 10 },
  RESOURCE_EXHAUSTED: { http: 429, rpc: 8 },
  INTERNAL: { http: 500, rpc: 13 },
  UNIMPLEMENTED: { http: 501, rpc: 12 },
} as const;

export type GoogleCode = keyof typeof codes;

/** A field that a request is refused for. */
export interface FieldViolation {
  field: string;
  description: string;
}

/** What a call to an emulated Google service is refused with, or a long-running operation ends with. */
export class GoogleError extends Error {
  override readonly name = "GoogleError";
  readonly code: GoogleCode;
  /** `google.rpc.*` messages in JSON. */
  readonly details: readonly object[];

  constructor(code: GoogleCode, message: string, details: readonly object[] = []) {
    super(message);
    this.code = code;
    this.details = details;
  }

  /** HTTP status. */
  get status(): number {
    return codes[this.code].http;
  }

  /** The code as a number: what an operation's `error.code` has. */
  get rpcCode(): number {
    return codes[this.code].rpc;
  }
}

/** A request that a service refuses for one of its fields: Cloud Run says the field first. */
export function badField(field: string, description: string): GoogleError {
  return new GoogleError("INVALID_ARGUMENT", `${field}: ${description}`, [
    {
      "@type": "type.googleapis.com/google.rpc.BadRequest",
      fieldViolations: [{ field, description }] satisfies FieldViolation[],
    },
  ]);
}
