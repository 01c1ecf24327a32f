import { expect } from "chai";
import { inWorlds, lanesOf } from "../../rehearsal/lanes.ts";
import { stories } from "../../rehearsal/stories/index.ts";
import type { Story } from "../../rehearsal/stories/story.ts";

describe("lanes", () => {
  const story = (name: string, more: Partial<Story> = {}): Story => ({
    name,
    tells: "something happens",
    core: false,
    startsFrom: "live",
    expected: "shifted",
    minimumRequests: 0,
    play: async () => undefined,
    ...more,
  });
  const names = (groups: Story[][]) => groups.map((group) => group.map(({ name }) => name));

  it("plays every story once, in order", () => {
    for (const count of [1, 2, 3, 8]) {
      const lanes = lanesOf(stories, count);
      expect(lanes).to.have.length(count);
      expect(lanes.flat()).to.deep.equal(stories);
    }
  });

  it("gives each lane about the same to do", () => {
    const long = story("long", { earlier: ["shifted", "shifted", "shifted", "shifted"] });
    const short = ["a", "b", "c"].map((name) => story(name));
    expect(names(lanesOf([long, ...short], 2))).to.deep.equal([["long"], ["a", "b", "c"]]);
  });

  it("opens no lane for nothing", () => {
    expect(names(lanesOf([story("a")], 4))).to.deep.equal([["a"]]);
    expect(lanesOf([], 4)).to.deep.equal([]);
  });

  it("lets stories share a world that ask for none of their own", () => {
    const world = { firstFailureEndsAs: "STOPPED" as const };
    const own = story("own", { world });
    expect(names(inWorlds([story("a"), story("b"), own, story("c")]))).to.deep.equal([
      ["a", "b"],
      ["own"],
      ["c"],
    ]);
  });
});
