import { type AuthClient, type Compute, Impersonated, type JWT } from "google-auth-library";
import { type IdentityTokens, NoIdentity } from "../identityTokens.ts";
import { messageOf } from "../messageOf.ts";
import type { GcpConnection } from "../messages.ts";
import { faultOf } from "../patience.ts";
import { authClient } from "./googleAuth.ts";
import { googleCall } from "./googleCall.ts";

/** Before the end of a token's life at which another one is got, in milliseconds. */
const spareMs = 5 * 60_000;

/**
 * Identity tokens of whoever runs the promotion: of an impersonated account by its API, of a key or of the machine's
 * account directly. A bare access token has none.
 */
export class GoogleIdentity implements IdentityTokens {
  readonly #connection: GcpConnection;
  readonly #connect: (connection: GcpConnection) => Promise<AuthClient>;
  readonly #now: () => number;
  readonly #known = new Map<string, { token: string; until: number }>();
  #client: AuthClient | undefined;

  constructor(
    connection: GcpConnection,
    connect: (connection: GcpConnection) => Promise<AuthClient> = authClient,
    now: () => number = Date.now,
  ) {
    this.#connection = connection;
    this.#connect = connect;
    this.#now = now;
  }

  async tokenFor(audience: string, signal: AbortSignal): Promise<string> {
    const known = this.#known.get(audience);
    if (known && known.until > this.#now()) return known.token;
    try {
      const ask = () => this.#fetch(audience);
      const token = await googleCall(ask, { abortSignal: signal });
      this.#known.set(audience, { token, until: expiryOf(token) - spareMs });
      return token;
    } catch (error) {
      signal.throwIfAborted();
      const told = `no identity token for ${audience} can be had: ${messageOf(error)}`;
      throw faultOf(error)
        ? new Error(told, { cause: error })
        : new NoIdentity(told, { cause: error });
    }
  }

  async #fetch(audience: string): Promise<string> {
    const client = (this.#client ??= await this.#connect(this.#connection));
    if (client instanceof Impersonated) {
      return client.fetchIdToken(audience, { includeEmail: true });
    }
    if (canFetch(client)) return client.fetchIdToken(audience);
    throw new Error(
      "these credentials are nobody's who could be named by one: run with a service account's key or on a machine that has one, or set gcp:impersonateServiceAccount",
    );
  }
}

function canFetch(client: AuthClient): client is JWT | Compute {
  return "fetchIdToken" in client;
}

/** The token's own word; a token that can't be read counts for now only. Milliseconds since the Unix epoch. */
function expiryOf(token: string): number {
  try {
    const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
    const { exp } = JSON.parse(payload);
    return typeof exp === "number" ? exp * 1000 : 0;
  } catch {
    return 0;
  }
}
