import { expect } from "chai";
import { GoogleByHand } from "../../rehearsal/cloud/googleByHand.ts";
import { name, openWorld, pinned, type World } from "./run/support/world.ts";

describe("a hand in the console of Google Cloud", () => {
  let world: World;
  let byHand: GoogleByHand;

  beforeEach(async () => {
    world = await openWorld();
    const { run, journal } = world;
    byHand = new GoogleByHand({ run, journal, services: () => [name] });
    await world.create({ release: "a" });
  });
  afterEach(() => world.close());

  const shares = () =>
    world.journal.events.findLast(
      (event) => event.kind === "weights" && event.traffic === "production",
    );
  const faults = () =>
    world.journal.events.flatMap((event) => (event.kind === "fault" ? event.what : []));

  it("leads all traffic to a revision, and leaves the tags where they are", async () => {
    const first = await world.latest();
    await world.update({ release: "b", traffic: pinned(first) });
    const second = await world.latest();
    await byHand.deploy(second);
    expect(shares()).to.deep.include({ weights: { [second]: 100 } });
    expect((await world.present()).trafficStatuses?.map(({ tag }) => tag)).to.include("candidate");
    expect(faults()).to.deep.equal([`somebody leads all production traffic to ${second}`]);
  });

  it("splits the traffic between what is live and the newest revision", async () => {
    const first = await world.latest();
    await world.update({ release: "b", traffic: pinned(first) });
    const second = await world.latest();
    await byHand.weights(60);
    expect(shares()).to.deep.include({ weights: { [first]: 60, [second]: 40 } });
  });

  it("says what there is nobody to do to", async () => {
    expect(await refusal(byHand.weights(60))).to.match(/No other revision is ready/);
    expect(await refusal(byHand.desiredCount())).to.match(/goes by the requests/);
    const nobody = new GoogleByHand({ ...world, services: () => [] });
    expect(await refusal(nobody.deploy("r"))).to.match(/One service is needed/);
  });
});

async function refusal(trying: Promise<unknown>): Promise<string> {
  return trying.then(
    () => "",
    (error: Error) => error.message,
  );
}
