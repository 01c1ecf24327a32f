import {
  type AuthClient,
  GoogleAuth,
  type GoogleAuthOptions,
  Impersonated,
  OAuth2Client,
} from "google-auth-library";
import { messageOf } from "../messageOf.ts";
import type { GcpConnection } from "../messages.ts";

/** What is told of every answer. */
export type Dated = (header: string | null) => void;

const scopes = ["https://www.googleapis.com/auth/cloud-platform"];

/**
 * Milliseconds of real time for one request. Google's clients have no limit of their own over REST, so that a
 * connection that nobody answers would hold a promotion, and its roll-back, for ever.
 */
const requestMilliseconds = 20_000;

/**
 * Credentials as the stack's configuration has them, else those of the environment.
 *
 * @param dated - is told the `date` of every answer.
 */
export async function googleAuth(
  connection: GcpConnection,
  dated: Dated = () => undefined,
): Promise<GoogleAuth> {
  return new LimitedAuth(await authClient(connection), dated);
}

/** Where Pulumi's provider looks for a key, or for the path of one, in this order; the promotion has to go as the same. */
const keyVariables = ["GOOGLE_CREDENTIALS", "GOOGLE_CLOUD_KEYFILE_JSON", "GCLOUD_KEYFILE_JSON"];

/**
 * @param environment - `GOOGLE_OAUTH_ACCESS_TOKEN` and {@link keyVariables} are what Pulumi's provider takes, too.
 * @throws NoCredentials that says where some would be taken from.
 */
export async function authClient(
  { accessToken, credentials, impersonateServiceAccount }: GcpConnection,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<AuthClient> {
  const token = accessToken ?? (credentials ? undefined : environment.GOOGLE_OAUTH_ACCESS_TOKEN);
  const sourceClient = token
    ? withToken(token)
    : await found(new GoogleAuth({ ...keyOf(credentials, environment), scopes }));
  if (!impersonateServiceAccount) return sourceClient;
  const targetPrincipal = impersonateServiceAccount;
  return new Impersonated({ sourceClient, targetPrincipal, targetScopes: scopes });
}

/** There is nobody to go to Google Cloud as. */
export class NoCredentials extends Error {
  override readonly name = "NoCredentials";
}

async function found(auth: GoogleAuth): Promise<AuthClient> {
  try {
    return await auth.getClient();
  } catch (cause) {
    throw new NoCredentials(
      `there are no credentials for Google Cloud (${messageOf(cause)}): run "gcloud auth application-default login", or set GOOGLE_OAUTH_ACCESS_TOKEN, GOOGLE_CREDENTIALS or gcp:credentials`,
      { cause },
    );
  }
}

function withToken(token: string): AuthClient {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: token });
  return client;
}

/** That of the configuration, else the first of the environment's. */
function keyOf(
  configured: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): GoogleAuthOptions {
  if (configured) return keyIn(configured, "gcp:credentials");
  const variable = keyVariables.find((name) => environment[name]);
  return variable === undefined ? {} : keyIn(environment[variable] ?? "", variable);
}

/**
 * Pulumi's provider takes the path of a key's file in the place of its contents.
 *
 * @param place - where the key is, for people.
 */
function keyIn(credentials: string, place: string): GoogleAuthOptions {
  if (!credentials.trimStart().startsWith("{")) return { keyFilename: credentials };
  try {
    return { credentials: JSON.parse(credentials) };
  } catch {
    // The parser's own message would quote the key.
    throw new Error(`${place} is neither JSON nor the path of a file`);
  }
}

/** Each request has a time to be answered in. */
class LimitedAuth extends GoogleAuth {
  readonly #dated: Dated;

  constructor(authorised: AuthClient, dated: Dated) {
    super({ authClient: authorised });
    this.#dated = dated;
  }

  override async fetch<T>(...args: Parameters<AuthClient["fetch"]>) {
    const [input, init] = args;
    // The clients ask by an address and nothing else.
    if (typeof input !== "string") return super.fetch<T>(...args);
    const limit = AbortSignal.timeout(requestMilliseconds);
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    const answer = await super.fetch<T>(input, { ...init, signal });
    this.#dated(answer.headers.get("date"));
    return answer;
  }
}
