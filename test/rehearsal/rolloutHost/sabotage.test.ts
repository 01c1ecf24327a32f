import { expect } from "chai";
import type {
  Checkpoint,
  Deployment,
  DeploymentController,
} from "../../../provider/deploymentController.ts";
import type { MinuteFigures, TrafficFigures } from "../../../provider/figures.ts";
import { flatteringFigures } from "../../../rehearsal/rolloutHost/sabotage/flatteringFigures.ts";
import { inverted } from "../../../rehearsal/rolloutHost/sabotage/inverted.ts";
import { manifoldFigures } from "../../../rehearsal/rolloutHost/sabotage/manifoldFigures.ts";

const signal = new AbortController().signal;
const bake: Checkpoint = { kind: "checkpoint", id: "1", purpose: "bake", stage: "BAKE" };
const minute: MinuteFigures = { at: 0, requests: 4, errors: 1, latency: { p95: 0.5 } };
const figures: TrafficFigures = { read: async () => [minute] };

/** Remembers what it was answered. */
class Answered implements Deployment {
  readonly id = "d";
  readonly revision = "b:1";
  readonly hasCheckpoints = true;
  readonly answers: string[] = [];
  readonly #event = bake;

  async sides() {
    return { candidate: "b" };
  }
  async failures() {
    return { failed: 0, limit: 3, reasons: "" };
  }
  async next() {
    return this.#event;
  }
  async answer(checkpoint: Checkpoint, verdict: "continue" | "rollBack") {
    this.answers.push(`${checkpoint.id} ${verdict}`);
  }
  async rollBack() {
    this.answers.push("undone");
  }
}

const live = { release: "a", revision: "a:1", configuration: "c", since: "2030-01-01" };

function controllerOf(deployment: Deployment): DeploymentController {
  return {
    begin: async () => deployment,
    live: async () => live,
    drift: async () => [],
    repair: async () => {},
    claim: async () => ({ release: async () => {} }),
    hold: async () => undefined,
    stop: async () => {},
  };
}

describe("a sabotaged promotion", () => {
  it("answers the opposite, and is the same in everything else", async () => {
    const deployment = new Answered();
    const wrong = await inverted(controllerOf(deployment)).begin(signal);
    expect(await wrong?.next(signal)).to.equal(bake);
    await wrong?.answer(bake, "continue");
    await wrong?.answer(bake, "rollBack");
    await wrong?.rollBack("because");
    expect(deployment.answers).to.deep.equal(["1 rollBack", "1 continue", "undone"]);
  });

  it("brings a first release live as it should", async () => {
    const deployment = new Answered();
    const controller = { ...controllerOf(deployment), live: async () => undefined };
    await (await inverted(controller).begin(signal))?.answer(bake, "continue");
    expect(deployment.answers).to.deep.equal(["1 continue"]);
  });

  it("has always enough requests, with the same share of errors", async () => {
    const [told] = await manifoldFigures(figures).read("b", 0, 1, signal);
    expect(told?.requests).to.be.greaterThan(1_000_000);
    expect((told?.errors ?? 0) / (told?.requests ?? 1)).to.equal(0.25);
    expect(told?.latency).to.deep.equal(minute.latency);
  });

  it("sees neither errors nor latency", async () => {
    const [told] = await flatteringFigures(figures).read("b", 0, 1, signal);
    expect(told).to.deep.equal({ ...minute, errors: 0, latency: {} });
  });
});
