import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { gcpConfiguration } from "../../settings/gcpConnection.ts";
import { promiseOf } from "../support/mocks.ts";

const place = { "gcp:project": "my-project", "gcp:region": "europe-west1" };

describe("gcpConfiguration", () => {
  const of = (config: Record<string, string>, environment: Record<string, string> = {}) =>
    gcpConfiguration(config, environment);
  const expectProblem = (config: Record<string, string>, ...parts: string[]) => {
    const { problems, connection } = of({ ...place, ...config });
    expect(problems, problems.join("\n")).to.have.length(1);
    for (const part of parts) expect(problems[0]).to.include(part);
    expect(connection).to.equal(undefined);
  };

  it("takes project and region", () => {
    expect(of(place).connection).to.deep.equal({ project: "my-project", region: "europe-west1" });
  });
  it("takes a project of a domain", () => {
    const { connection } = of({ ...place, "gcp:project": "example.com:my-project" });
    expect(connection?.project).to.equal("example.com:my-project");
  });

  for (const name of [
    "GOOGLE_PROJECT",
    "GOOGLE_CLOUD_PROJECT",
    "GCLOUD_PROJECT",
    "CLOUDSDK_CORE_PROJECT",
  ]) {
    it(`takes the project from ${name}, unless the stack says one`, () => {
      const { "gcp:region": region } = place;
      const environment = { [name]: "from-outside" };
      const { connection } = of({ "gcp:region": region }, environment);
      expect(connection?.project).to.equal("from-outside");
      expect(of(place, environment).connection?.project).to.equal("my-project");
    });
  }
  for (const name of ["GOOGLE_REGION", "GCLOUD_REGION", "CLOUDSDK_COMPUTE_REGION"]) {
    it(`takes the region from ${name}`, () => {
      const { connection } = of({ "gcp:project": "my-project" }, { [name]: "us-east1" });
      expect(connection?.region).to.equal("us-east1");
    });
  }
  it("prefers what the provider prefers", () => {
    const environment = { CLOUDSDK_CORE_PROJECT: "the-last", GOOGLE_PROJECT: "the-first" };
    expect(of({ "gcp:region": "us-east1" }, environment).connection?.project).to.equal("the-first");
  });

  it("asks for a project and a region", () => {
    const { problems } = of({});
    expect(problems).to.have.length(2);
    expect(problems[0]).to.include("gcp:project is missing").and.include("GOOGLE_PROJECT");
    expect(problems[1]).to.include("gcp:region is missing").and.include("GOOGLE_REGION");
  });
  for (const project of ["My Project", "123456789012", "short", "a".repeat(31), "ends-with-"]) {
    it(`refuses the project ${project}`, () =>
      expectProblem({ "gcp:project": project }, `gcp:project is "${project}"`, "6 to 30"));
  }
  it("suggests the region that was meant", () =>
    expectProblem(
      { "gcp:region": "europe-west-1" },
      'gcp:region is "europe-west-1"',
      "Allowed: a region of Cloud Run, which are africa-south1",
      "Did you mean europe-west1?",
    ));
  it("refuses a region that another cloud has", () =>
    expectProblem({ "gcp:region": "eu-central-1" }, 'gcp:region is "eu-central-1"'));

  it("hands an account on, from the environment too", () => {
    const account = "deploy@my-project.iam.gserviceaccount.com";
    expect(
      of({ ...place, "gcp:impersonateServiceAccount": account }).connection
        ?.impersonateServiceAccount,
    ).to.equal(account);
    expect(
      of(place, { GOOGLE_IMPERSONATE_SERVICE_ACCOUNT: account }).connection
        ?.impersonateServiceAccount,
    ).to.equal(account);
  });
  it("refuses an account that is no address", () =>
    expectProblem(
      { "gcp:impersonateServiceAccount": "deploy" },
      'gcp:impersonateServiceAccount is "deploy"',
    ));

  it("makes secrets of a token and of credentials, although they are written in plain", async () => {
    const credentials = '{"type":"service_account"}';
    const { connection } = of({
      ...place,
      "gcp:accessToken": "ya29.token",
      "gcp:credentials": credentials,
    });
    expect(await pulumi.isSecret(pulumi.output(connection?.accessToken))).to.equal(true);
    expect(await pulumi.isSecret(pulumi.output(connection?.credentials))).to.equal(true);
    expect(await promiseOf(pulumi.output(connection?.accessToken))).to.equal("ya29.token");
    expect(await promiseOf(pulumi.output(connection?.credentials))).to.equal(credentials);
  });
  it("refuses credentials that are a path, and does not repeat them", () => {
    const { problems } = of({ ...place, "gcp:credentials": "/home/me/hunter2.json" });
    expect(problems).to.have.length(1);
    expect(problems[0])
      .to.include("gcp:credentials is no JSON (value not shown)")
      .and.include("GOOGLE_APPLICATION_CREDENTIALS")
      .and.not.include("hunter2");
  });
  for (const key of [
    "gcp:impersonateServiceAccountDelegates",
    "gcp:externalCredentials",
    "gcp:universeDomain",
  ]) {
    it(`refuses ${key}, by which provider and promotion would be different principals`, () =>
      expectProblem({ [key]: "x" }, `${key} is set`, "Remove it"));
  }

  it("hands endpoints on without the provider's paths", () => {
    const { connection } = of({
      ...place,
      "gcp:cloudRunV2CustomEndpoint": "http://127.0.0.1:8080/v2/",
      "gcp:monitoringCustomEndpoint": "http://127.0.0.1:8081/",
    });
    expect(connection?.endpoints).to.deep.equal({
      run: "http://127.0.0.1:8080",
      monitoring: "http://127.0.0.1:8081",
    });
  });
  for (const url of [
    "127.0.0.1:8080",
    "http://127.0.0.1:8080",
    "http://127.0.0.1:8080/proxy/v2/",
  ]) {
    it(`refuses the endpoint ${url}`, () =>
      expectProblem(
        { "gcp:cloudRunV2CustomEndpoint": url },
        `gcp:cloudRunV2CustomEndpoint is "${url}"`,
        "with the path /v2/",
      ));
  }
});
