import { expect } from "chai";
import { JWT, OAuth2Client } from "google-auth-library";
import { authClient } from "../../../provider/cloudRun/googleAuth.ts";

const place = { project: "my-project", region: "europe-west1" };
const keyOf = (email: string) =>
  JSON.stringify({ type: "service_account", client_email: email, private_key: "made up" });
const emailOf = (client: unknown) => (client instanceof JWT ? client.email : "no key");

describe("credentials of a promotion on Google Cloud", () => {
  for (const variable of [
    "GOOGLE_CREDENTIALS",
    "GOOGLE_CLOUD_KEYFILE_JSON",
    "GCLOUD_KEYFILE_JSON",
  ]) {
    it(`are the key in ${variable}, as the provider's are`, async () => {
      expect(emailOf(await authClient(place, { [variable]: keyOf("a@b") }))).to.equal("a@b");
    });
  }

  it("are the configuration's key before the environment's", async () => {
    const connection = { ...place, credentials: keyOf("stack@b") };
    const environment = { GOOGLE_CREDENTIALS: keyOf("other@b"), GOOGLE_OAUTH_ACCESS_TOKEN: "t" };
    expect(emailOf(await authClient(connection, environment))).to.equal("stack@b");
  });

  it("are the environment's token before its key", async () => {
    const environment = { GOOGLE_CREDENTIALS: keyOf("a@b"), GOOGLE_OAUTH_ACCESS_TOKEN: "token" };
    const client = await authClient(place, environment);
    expect(client instanceof OAuth2Client && client.credentials.access_token).to.equal("token");
  });

  it("name the variable that holds no key, and not what it holds", async () => {
    const error = await authClient(place, { GOOGLE_CREDENTIALS: "{ no json" }).catch(String);
    expect(error).to.equal("Error: GOOGLE_CREDENTIALS is neither JSON nor the path of a file");
  });
});
