import { expect } from "chai";
import { OAuth2Client, UserRefreshClient } from "google-auth-library";
import { authClient } from "../../../provider/cloudRun/googleAuth.ts";
import { GoogleError } from "../../../provider/cloudRun/googleError.ts";
import { GoogleIdentity } from "../../../provider/cloudRun/googleIdentity.ts";
import { NoIdentity } from "../../../provider/identityTokens.ts";
import type { GcpConnection } from "../../../provider/messages.ts";
import { failureOf } from "../support/failureOf.ts";

describe("identity on Google Cloud", () => {
  const never = new AbortController().signal;
  const connection: GcpConnection = { project: "acme", region: "europe-west1" };
  const audience = "https://platform.test";
  const minute = 60_000;

  /** An account that gives tokens of an hour. */
  class Account extends UserRefreshClient {
    given = 0;
    fault: Error | undefined;
    override async fetchIdToken(target: string): Promise<string> {
      if (this.fault) throw this.fault;
      this.given += 1;
      const payload = JSON.stringify({ aud: target, exp: 60 * 60, nr: this.given });
      return `head.${Buffer.from(payload).toString("base64url")}.signature`;
    }
  }

  let account: Account;
  let now: number;
  let identity: GoogleIdentity;

  beforeEach(() => {
    account = new Account();
    now = 0;
    identity = new GoogleIdentity(
      connection,
      async () => account,
      () => now,
    );
  });

  it("is a token that is kept until shortly before its end", async () => {
    const first = await identity.tokenFor(audience, never);
    now = 54 * minute;
    expect(await identity.tokenFor(audience, never)).to.equal(first);
    now = 56 * minute;
    expect(await identity.tokenFor(audience, never)).not.to.equal(first);
  });

  it("is none of a bare access token, which is said with the mend", async () => {
    const bare = new GoogleIdentity(connection, async () => new OAuth2Client());
    const refusal = await bare.tokenFor(audience, never).catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(NoIdentity);
    expect(String(refusal)).to.match(
      /no identity token for https:\/\/platform\.test can be had: .* or set gcp:impersonateServiceAccount$/,
    );
  });

  it("may be there later, when Google does not answer", async () => {
    account.fault = new GoogleError("try later", 503, undefined);
    const fault = await identity.tokenFor(audience, never).catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(Error).and.not.instanceOf(NoIdentity);
  });

  describe("credentials", () => {
    it("are the configuration's token, before the environment's", async () => {
      const environment = { GOOGLE_OAUTH_ACCESS_TOKEN: "of the environment" };
      const tokens = [{ ...connection, accessToken: "of the stack" }, connection].map(
        async (one) => (await authClient(one, environment)).credentials.access_token,
      );
      expect(await Promise.all(tokens)).to.deep.equal(["of the stack", "of the environment"]);
    });

    it("are the key in the configuration, before the environment's token", async () => {
      const credentials = JSON.stringify({
        type: "authorized_user",
        client_id: "a",
        client_secret: "b",
        refresh_token: "c",
      });
      const client = await authClient(
        { ...connection, credentials },
        { GOOGLE_OAUTH_ACCESS_TOKEN: "of the environment" },
      );
      expect(client).to.be.instanceOf(UserRefreshClient);
    });

    it("act as another account where the stack says so", async () => {
      const impersonateServiceAccount = "deployer@acme.iam.gserviceaccount.com";
      const client = await authClient({
        ...connection,
        accessToken: "t",
        impersonateServiceAccount,
      });
      expect(client.constructor.name).to.equal("Impersonated");
    });

    it("never get into a message", async () => {
      const told = await failureOf(
        authClient({ ...connection, credentials: '{"private_key": "s3c' }),
      );
      expect(told).to.equal("gcp:credentials is neither JSON nor the path of a file");
    });
  });
});
