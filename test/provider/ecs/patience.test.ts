import { expect } from "chai";
import { EcsDeploymentController } from "../../../provider/ecs/ecsDeploymentController.ts";
import { faultOf, Patience } from "../../../provider/patience.ts";
import { failureOf } from "../support/failureOf.ts";
import { FakeClock } from "../support/fakeClock.ts";
import { ecsDeployment } from "./support/ecsDeployment.ts";
import { FakeEcs, namedError, pausedAt, throttled, unreachable } from "./support/fakeEcs.ts";
import { FakeElb } from "./support/fakeElb.ts";

describe("Patience", () => {
  const never = new AbortController().signal;
  let clock: FakeClock;
  let ecs: FakeEcs;

  beforeEach(() => {
    clock = new FakeClock();
    ecs = new FakeEcs(clock);
  });

  const times = (count: number, make: () => Error) => Array.from({ length: count }, make);

  function controller(): EcsDeploymentController {
    const args = { deployment: ecsDeployment(), live: undefined };
    return new EcsDeploymentController(args, ecs, async () => new FakeElb(), clock);
  }

  async function followed() {
    const deployment = await controller().begin(never);
    if (!deployment) throw new Error("expected a deployment");
    return deployment;
  }

  it("asks again for minutes while the cloud throttles", async () => {
    ecs.deploy(1, { status: "SUCCESSFUL" });
    ecs.failures.set("describeServices", times(50, throttled));
    const start = clock.now();
    expect(await controller().begin(never)).to.equal(undefined);
    expect(clock.now() - start).to.equal(250_000);
  });

  it("gives up, by count and in the cloud's words, when nobody answers", async () => {
    const start = clock.now();
    ecs.failures.set("describeServices", times(99, unreachable));
    expect(await failureOf(controller().begin(never))).to.equal(
      "deployment: AWS does not answer, 13 looks in a row over 60 s: connect ECONNREFUSED",
    );
    expect(clock.now() - start).to.equal(60_000);
  });

  it("does not wait for an API that is known to be gone", async () => {
    const subject = controller();
    ecs.failures.set("describeServices", times(99, unreachable));
    await failureOf(subject.begin(never));
    const start = clock.now();
    ecs.failures.set("describeClusters", times(1, unreachable));
    expect(await failureOf(subject.hold(never))).to.contain("14 looks in a row over 60 s");
    expect(clock.now()).to.equal(start);
    // As soon as it answers, it has all its chances again.
    await subject.hold(never);
    ecs.failures.set("describeClusters", times(5, unreachable));
    expect(await subject.hold(never)).to.equal(undefined);
  });

  it("does not count looks alone, where many ask at once", async () => {
    const subject = controller();
    ecs.failures.set("describeClusters", times(40, unreachable));
    const holds = Array.from({ length: 10 }, () => subject.hold(never));
    expect(await Promise.all(holds)).to.deep.equal(Array(10).fill(undefined));
  });

  it("does not ask again what was refused", async () => {
    ecs.failures.set("describeServices", [namedError("AccessDeniedException", "no")]);
    expect(await failureOf(controller().begin(never))).to.equal("no");
  });

  it("tells the looks at a deployment that fail, and goes on when it can see again", async () => {
    ecs.deploy(1);
    const following = await followed();
    await following.next(never);
    ecs.failures.set("describeServiceDeployments", [...times(2, unreachable), throttled()]);
    const messages = [];
    for (let look = 0; look < 3; look += 1) {
      const event = await following.next(never);
      messages.push(event.kind === "progress" && event.message);
    }
    expect(messages).to.deep.equal([
      "AWS does not answer, look 1: connect ECONNREFUSED",
      "AWS does not answer, look 2: connect ECONNREFUSED",
      "AWS throttles, look 3: Rate exceeded",
    ]);
    Object.assign(ecs.deployments[0] ?? {}, pausedAt("POST_TEST_TRAFFIC_SHIFT", "h1"));
    expect((await following.next(never)).kind).to.equal("checkpoint");
  });

  it("says what was last known of the traffic when it gives a deployment up", async () => {
    ecs.deploy(1, {
      ...pausedAt("POST_PRODUCTION_TRAFFIC_SHIFT", "h1"),
      targetServiceRevision: { arn: "revision/1", requestedProductionTrafficWeight: 100 },
    });
    const following = await followed();
    await following.next(never);
    const seen = new Date(clock.now()).toISOString();
    ecs.failures.set("describeServiceDeployments", times(99, unreachable));
    for (let look = 1; look < 13; look += 1) await following.next(never);
    expect(await failureOf(following.next(never))).to.equal(
      `deployment: AWS does not answer, 13 looks in a row over 60 s: connect ECONNREFUSED; last seen: IN_PROGRESS at POST_PRODUCTION_TRAFFIC_SHIFT, the candidate with 100 % of the traffic, ${seen}`,
    );
  });

  it("repeats an answer to a pause that did not get through", async () => {
    ecs.deploy(1, pausedAt("POST_TEST_TRAFFIC_SHIFT", "h1"));
    const following = await followed();
    const event = await following.next(never);
    if (event.kind !== "checkpoint") throw new Error("expected a checkpoint");
    ecs.failures.set("continueServiceDeployment", [unreachable(), throttled()]);
    await following.answer(event, "rollBack");
    expect(ecs.log).to.deep.equal(["ROLLBACK h1 of deployment/1"]);
  });

  it("ends at once when it is called off", async () => {
    const abort = new AbortController();
    ecs.failures.set("describeServices", times(99, throttled));
    void clock.sleep(12).then(() => abort.abort(new Error("called off")));
    expect(await failureOf(controller().begin(abort.signal))).to.equal("called off");
  });

  it("tells what may pass from what will not", () => {
    const withStatus = (httpStatusCode: number) =>
      Object.assign(new Error("status"), { $metadata: { httpStatusCode } });
    expect(faultOf(throttled())).to.equal("throttled");
    expect(faultOf(withStatus(429))).to.equal("throttled");
    expect(faultOf(withStatus(503))).to.equal("unreachable");
    expect(faultOf(withStatus(400))).to.equal(undefined);
    expect(faultOf(namedError("TimeoutError"))).to.equal("unreachable");
    expect(faultOf(new AggregateError([unreachable(), unreachable()]))).to.equal("unreachable");
    expect(faultOf(namedError("LimitExceededException"))).to.equal(undefined);
    expect(faultOf("no error at all")).to.equal(undefined);
  });

  it("throws what is no fault of the cloud's as it is", () => {
    const refusal = namedError("AccessDeniedException");
    expect(() => new Patience(clock, "AWS").failed(refusal)).to.throw(refusal);
  });
});
