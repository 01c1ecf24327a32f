import { expect } from "chai";
import { checkInputs } from "../../../provider/checkInputs.ts";
import { diffInputs } from "../../../provider/diffInputs.ts";
import { PromotionResource } from "../../../provider/promotionResource.ts";
import { isObject, isSecret, type Properties } from "../../../provider/properties.ts";
import { FakeClock } from "../support/fakeClock.ts";
import { FakeCloud } from "../support/fakeCloud.ts";
import { runInputs } from "./support/runInputs.ts";

describe("inputs of a promotion on Cloud Run", () => {
  /** Good inputs, with something changed of their deployment. */
  function inputsWith(change: Properties = {}, connection: Properties = {}): Properties {
    const inputs: Properties = JSON.parse(JSON.stringify(runInputs("aaaa", [20, 100])));
    const { deployment = null } = inputs;
    if (!isObject(deployment) || !isObject(deployment.connection)) throw new Error("no deployment");
    const reached = { ...deployment.connection, ...connection };
    return { ...inputs, deployment: { ...deployment, connection: reached, ...change } };
  }

  const live = {
    release: "aaaa",
    revision: "platform-00001-abc",
    configuration: "configuration-aaaa",
    since: "2029-01-01T00:00:00.000Z",
  };

  describe("are checked", () => {
    it("and taken when they are good", () => {
      const endpoints = { run: "http://127.0.0.1:1", monitoring: "http://127.0.0.1:2" };
      expect(checkInputs(inputsWith())).to.deep.equal([]);
      expect(checkInputs(inputsWith({}, { endpoints, accessToken: "t" }))).to.deep.equal([]);
    });

    for (const [change, connection, reason] of [
      [
        { cloudRunService: "platform" },
        {},
        'deployment.cloudRunService must be the full name of a service, projects/PROJECT/locations/REGION/services/NAME, not "platform"',
      ],
      [
        { strategy: "ROLLING" },
        {},
        'deployment.strategy must be one of "BLUE_GREEN", "CANARY", "LINEAR", not "ROLLING"',
      ],
      [
        { steps: [50] },
        {},
        "deployment.steps must be a list of rising percentages that ends at 100, not [50]",
      ],
      [{}, { project: "" }, 'deployment.connection.project must be a non-empty string, not ""'],
      [
        {},
        { accessToken: 12_345_678 },
        "deployment.connection.accessToken must be a non-empty string, not something else",
      ],
      [{ cluster: "main" }, {}, "deployment.cluster is not an input of rollout:index:Promotion"],
    ] as const) {
      it(`and refused: ${reason}`, () => {
        const failing = checkInputs(inputsWith({ ...change } as Properties, { ...connection }));
        expect(failing.map((one) => one.reason)).to.deep.equal([reason]);
      });
    }
  });

  describe("are compared", () => {
    function diff(change: Properties, connection: Properties = {}, seen = live) {
      const state = { live: seen, drift: [] };
      const { changes, deploys } = diffInputs(inputsWith(), inputsWith(change, connection), state);
      return { changes: Object.fromEntries(changes), deploys };
    }

    it("and the revision's name, which only Cloud Run knows, is no difference", () => {
      expect(diff({})).to.deep.equal({ changes: {}, deploys: false });
    });

    it("and other credentials, endpoints or steps deploy nothing", () => {
      const endpoints = { run: "http://127.0.0.1:1" };
      expect(diff({ steps: [50, 100] }, { endpoints, credentials: "{}" })).to.deep.equal({
        changes: {
          "deployment.steps[0]": "update",
          "deployment.connection.credentials": "add",
          "deployment.connection.endpoints.run": "add",
        },
        deploys: false,
      });
    });

    it("and another service is another promotion", () => {
      const cloudRunService = "projects/acme/locations/europe-west1/services/other";
      expect(diff({ cloudRunService }).changes).to.deep.equal({
        "deployment.cloudRunService": "replace",
      });
    });

    it("with what is live", () => {
      expect(diff({}, {}, { ...live, release: "bbbb", configuration: "unknown" })).to.deep.equal({
        changes: { "live.release": "update", "live.configuration": "update" },
        deploys: true,
      });
    });
  });

  it("keep credentials secret though the program forgot to say so", () => {
    const clock = new FakeClock();
    const { clouds, probe } = new FakeCloud(clock);
    const resource = new PromotionResource({ clock, probe, clouds, by: "ada" });
    const credentials = { accessToken: "ya29", credentials: "{}" };
    const { inputs } = resource.check(inputsWith({}, credentials));
    const { deployment = null } = inputs;
    const connection = isObject(deployment) ? deployment.connection : undefined;
    if (!isObject(connection)) throw new Error("there is no connection");
    expect(isSecret(connection.accessToken)).to.equal(true);
    expect(isSecret(connection.credentials)).to.equal(true);
    expect(isSecret(connection.project)).to.equal(false);
  });
});
