import { expect } from "chai";
import { ClusterTags, tagKey } from "../../../provider/ecs/clusterTags.ts";
import { livingRunner, RunnerLease } from "../../../provider/runnerLease.ts";
import { readRunner, writeRunner } from "../../../provider/runnerNote.ts";
import { failureOf } from "../support/failureOf.ts";
import { FakeClock } from "../support/fakeClock.ts";
import { cluster, FakeEcs, namedError } from "./support/fakeEcs.ts";

describe("RunnerLease", () => {
  const never = new AbortController().signal;
  const key = "rollout:platform:runner";
  let clock: FakeClock;
  let ecs: FakeEcs;
  let leases: RunnerLease[];

  beforeEach(() => {
    clock = new FakeClock();
    ecs = new FakeEcs(clock);
    leases = [];
  });
  afterEach(() => Promise.all(leases.map((lease) => lease.release())));

  function args() {
    const notes = new ClusterTags(ecs, { cluster, service: "platform" });
    return { service: "platform", notes, clock };
  }

  async function taken(by: string, signal = never): Promise<RunnerLease> {
    const lease = await RunnerLease.take(args(), by, signal);
    leases.push(lease);
    return lease;
  }

  /** As a runner that died at once leaves it. */
  function left(by: string, seconds = 90): void {
    const since = clock.now();
    const note = { by, since, until: since + seconds * 1000, run: "00000000" };
    ecs.tags.set(key, writeRunner(note));
  }

  it("says who, since when and until when, in a tag of the cluster", async () => {
    const before = clock.now();
    await taken("alice@laptop");
    expect(ecs.tags.get(key)).to.match(
      /^alice@laptop since 2030-01-01T\S+Z until 2030-01-01T\S+Z run [0-9a-f]{8}$/,
    );
    const note = readRunner(ecs.tags.get(key));
    expect(note?.since).to.equal(before);
    expect((note?.until ?? 0) - before).to.equal(90_000);
  });

  it("is renewed for as long as it is held, and gone when it is released", async () => {
    const lease = await taken("alice");
    for (let minute = 0; minute < 10; minute += 1) {
      await clock.sleep(60);
      expect(readRunner(ecs.tags.get(key))?.until).to.be.greaterThan(clock.now());
    }
    await lease.release();
    expect(ecs.tags.has(key)).to.equal(false);
  });

  it("refuses a second runner, by the first one's name and start", async () => {
    const since = new Date(clock.now()).toISOString();
    await taken("alice@laptop");
    expect(await failureOf(taken("bob"))).to.equal(
      `deployment: alice@laptop (since ${since}) is promoting a release of platform already; wait for its end, or have it undone with "npm run release -- STACK abort --service NAME", by the stack's name and the service's in the settings`,
    );
    expect(ecs.tags.get(key)).to.contain("alice@laptop");
  });

  it("refuses a second run by the same name", async () => {
    await taken("alice");
    expect(await failureOf(taken("alice"))).to.contain("alice (since");
  });

  it("takes over what a dead runner left, as soon as it runs out", async () => {
    left("alice");
    const start = clock.now();
    await taken("bob");
    expect(ecs.tags.get(key)).to.contain("bob since");
    expect(clock.now() - start).to.be.within(90_000, 105_000);
  });

  it("does not wait for ever for a note that is dated far ahead", async () => {
    left("alice", 86_400);
    const start = clock.now();
    await taken("bob");
    expect(clock.now() - start).to.be.below(120_000);
  });

  it("takes over at once what has run out, and what no runner wrote", async () => {
    left("alice", -1);
    const start = clock.now();
    const lease = await taken("bob");
    await lease.release();
    ecs.tags.set(key, "hands off");
    await taken("carol");
    expect(clock.now() - start).to.be.below(15_000);
  });

  it("lets one of two runners in that begin at once", async () => {
    const both = ["alice", "bob"].map((by) => RunnerLease.take(args(), by, never));
    const ends = await Promise.allSettled(both);
    leases.push(...ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : [])));
    expect(leases).to.have.length(1);
    const winner = ends[0]?.status === "fulfilled" ? "alice" : "bob";
    await clock.sleep(100);
    expect(readRunner(ecs.tags.get(key))?.by).to.equal(winner);
  });

  it("insists when a younger runner has overwritten it", async () => {
    const since = clock.now();
    const younger = { by: "bob", since: since + 1, until: since + 90_000, run: "ffffffff" };
    void clock.sleep(1).then(() => ecs.tags.set(key, writeRunner(younger)));
    await taken("alice");
    expect(ecs.tags.get(key)).to.contain("alice");
  });

  it("gives way when an older runner insists", async () => {
    const since = clock.now() - 1;
    const older = { by: "bob", since, until: since + 90_000, run: "00000000" };
    void clock.sleep(1).then(() => ecs.tags.set(key, writeRunner(older)));
    expect(await failureOf(taken("alice"))).to.contain("bob (since");
    expect(ecs.tags.get(key)).to.contain("bob");
  });

  it("writes its note again when somebody has removed it", async () => {
    await taken("alice");
    ecs.tags.clear();
    await clock.sleep(35);
    expect(ecs.tags.get(key)).to.contain("alice");
  });

  it("does not take back what another took over while it slept", async () => {
    const lease = await taken("alice");
    const bob = { by: "bob", since: clock.now(), until: clock.now() + 90_000, run: "11111111" };
    ecs.tags.set(key, writeRunner(bob));
    await clock.sleep(200);
    await lease.release();
    expect(ecs.tags.get(key)).to.equal(writeRunner(bob));
  });

  it("survives renewals that fail, and a release that can't be told", async () => {
    const lease = await taken("alice");
    ecs.failures.set("tagResource", [namedError("ServerException"), namedError("ServerException")]);
    await clock.sleep(50);
    expect(readRunner(ecs.tags.get(key))?.until).to.be.greaterThan(clock.now() + 60_000);
    ecs.failures.set("untagResource", [namedError("ServerException")]);
    await lease.release();
    expect(await livingRunner(args())).to.equal(undefined);
  });

  it("says what it takes when tags can't be written", async () => {
    ecs.failures.set("tagResource", [namedError("AccessDeniedException", "not authorized")]);
    expect(await failureOf(taken("alice"))).to.match(
      /^deployment: no claim on platform .*\(not authorized\).* takes ecs:DescribeClusters, ecs:ListTagsForResource, ecs:TagResource and ecs:UntagResource/,
    );
  });

  it("does not go on where tags can't be read", async () => {
    const tagResource = ecs.tagResource;
    ecs.tagResource = async (input, options) => {
      await tagResource(input, options);
      ecs.tags.clear();
      return {};
    };
    expect(await failureOf(taken("alice"))).to.contain("(what is written there is not to be read");
  });

  it("leaves nothing behind when it is called off", async () => {
    const abort = new AbortController();
    void clock.sleep(1).then(() => abort.abort(new Error("called off")));
    expect(await failureOf(taken("alice", abort.signal))).to.equal("called off");
    expect(ecs.tags.has(key)).to.equal(false);
  });
});

describe("notes in tags", () => {
  it("stay within AWS's limits", () => {
    const since = Date.UTC(2030, 0, 1);
    const by = `aws:${"ü".repeat(300)} (CI) <a@b>; 100 %`;
    const value = writeRunner({ by, since, until: since, run: "12345678" });
    expect(Array.from(value).length).to.equal(256);
    expect(value)
      .to.match(/^aws\.ü+ since /u)
      .and.match(/^[\p{L}\p{N}\p{Zs}_.:/=+\-@]+$/u);
    expect(readRunner(value)?.run).to.equal("12345678");
    const key = tagKey("s".repeat(255), "runner");
    expect(key).to.match(/^rollout:s+-[0-9a-f]{12}:runner$/);
    expect(key.length).to.equal(128);
    expect(key).to.not.equal(tagKey(`${"s".repeat(254)}t`, "runner"));
  });

  it("keep a name readable", () => {
    const written = writeRunner({ by: "octocat (CI)", since: 0, until: 0, run: "1" });
    expect(readRunner(written)?.by).to.equal("octocat CI");
    expect(readRunner(writeRunner({ by: "?? !!", since: 0, until: 0, run: "1" }))?.by).to.equal(
      "__ __",
    );
    expect(readRunner(writeRunner({ by: "", since: 0, until: 0, run: "1" }))?.by).to.equal(
      "unknown",
    );
  });

  it("may hold a name that looks like a note", () => {
    const by = "a since b until c run d";
    const note = { by, since: 1000, until: 2000, run: "9" };
    expect(readRunner(writeRunner(note))).to.deep.equal(note);
  });
});
