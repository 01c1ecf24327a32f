import { resolve } from "node:path";
import { expect } from "chai";
import { help, type Options, readOptions } from "../../rehearsal/options.ts";
import { sabotages } from "../../rehearsal/sabotage.ts";
import { applicable, coreStories, stories } from "../../rehearsal/stories/index.ts";
import { targets } from "../../rehearsal/targets.ts";

function options(...args: string[]): Options {
  const read = readOptions(args);
  return read === "help" ? expect.fail("help was read") : read;
}

describe("the options of a rehearsal", () => {
  it("are every target and the core stories, unbroken, when nothing is said", () => {
    expect(options()).to.deep.equal({
      targets: [...targets],
      stories: coreStories,
      contexts: [],
      seed: 1,
      speed: 30,
      again: 0,
      lanes: 1,
      json: undefined,
      sabotages: [],
      hold: false,
    });
  });

  it("can all be said at once, in any order", () => {
    const args = "--seed 7 ec2 --json r.json --hold --again 2 --speed=60".split(" ");
    const read = options(...args);
    expect(read).to.deep.include({ targets: ["ec2"], seed: 7, speed: 60, again: 2, hold: true });
    expect(resolve(read.json ?? "")).to.equal(resolve("r.json"));
  });

  for (const story of stories) {
    it(`know the story ${story.name}`, () => {
      expect(options("--story", story.name).stories).to.deep.equal([story]);
    });
  }

  for (const sabotage of sabotages) {
    it(`know the sabotage ${sabotage.name}, and a story that has to notice it`, () => {
      expect(options("--sabotage", sabotage.name).sabotages).to.deep.equal([sabotage]);
      expect(stories.map(({ name }) => name)).to.include(sabotage.story);
    });
  }

  it("leave stories out that make no sense on a target, and refuse them by name", () => {
    const names = (target: (typeof targets)[number]) =>
      applicable(stories, target).map(({ name }) => name);
    expect(names("ec2")).to.include("instanceLost").and.not.include("spotInterruption");
    expect(names("fargate")).to.include("spotInterruption").and.not.include("instanceLost");
    expect(options("fargate", "--story", "all").stories).to.deep.equal(stories);
    expect(options("--story", "instanceLost").stories.map(({ name }) => name)).to.have.length(1);
    expect(() => options("fargate", "--story", "noChange,instanceLost")).to.throw(
      "--story noChange,instanceLost: instanceLost is not on fargate: there are no instances",
    );
    expect(() => options("ec2", "--sabotage", "notice")).to.throw(
      "--sabotage notice: spotInterruption is not on ec2",
    );
  });

  it("hold the URL of one target open, not of several one after the other", () => {
    expect(options("fargate", "--hold").hold).to.equal(true);
    expect(() => options("--hold")).to.throw("name one of ec2, fargate");
  });

  it("know several stories, in the order in which they are named", () => {
    const names = options("--story", "rollForward, noChange").stories.map(({ name }) => name);
    expect(names).to.deep.equal(["rollForward", "noChange"]);
  });

  it("know the core stories, in the order of all", () => {
    expect(coreStories.map(({ name }) => name)).to.include.members([
      "firstDeploy",
      "noChange",
      "brokenDeploy",
      "rollForward",
      "destroy",
    ]);
    expect(stories.filter((story) => coreStories.includes(story))).to.deep.equal(coreStories);
  });

  it("know all of each", () => {
    expect(options("--story", "all").stories).to.deep.equal(stories);
    expect(options("--sabotage", "all").sabotages).to.deep.equal(sabotages);
  });

  it("give help, which names every option", () => {
    expect(readOptions(["--help"])).to.equal("help");
    expect(readOptions(["-h", "ec2"])).to.equal("help");
    for (const option of "story platform next expect seed speed again json sabotage hold".split(
      " ",
    )) {
      expect(help).to.include(`--${option} `);
    }
  });

  describe("of somebody's own platforms", () => {
    const own = ["--platform", "platform", "--next", resolve("platform")];

    it("make one story, which is expected to shift unless told otherwise", () => {
      const { stories: played, contexts } = options(...own);
      expect(contexts).to.deep.equal([resolve("platform"), resolve("platform")]);
      expect(played).to.have.length(1);
      expect(played[0]).to.deep.include({
        name: "custom",
        startsFrom: "nothing",
        earlier: ["shifted"],
        expected: "shifted",
        degrades: undefined,
      });
    });

    for (const [expected, degrades] of [
      ["held", undefined],
      ["rolledBack", "somehow"],
    ]) {
      it(`can expect ${expected}`, () => {
        const [story] = options(...own, "--expect", expected ?? "").stories;
        expect(story).to.deep.include({ name: "custom", expected, degrades });
      });
    }
  });

  const wrong: [string[], string[]][] = [
    [
      ["--platform", "platform"],
      ["--platform platform", "--next"],
    ],
    [
      ["--next", "platform"],
      ["--next platform", "--platform"],
    ],
    [
      ["--platform", "platform", "--next", "docs"],
      ["--next docs", "a folder with a Dockerfile"],
    ],
    [
      ["--platform", "platform", "--next", "platform", "--expect", "destroyed"],
      ["--expect destroyed", "shifted, held, rolledBack"],
    ],
    [
      ["--expect", "held"],
      ["--expect held", "--platform"],
    ],
    [
      ["--platform", "platform", "--next", "platform", "--story", "destroy"],
      ["--story destroy", "leave it out"],
    ],
    [
      ["--platform", "platform", "--next", "platform", "--sabotage", "gate"],
      ["--sabotage gate", "leave it out"],
    ],
    [
      ["--story", "destroy,nothing"],
      ["--story nothing", "rollForward"],
    ],
    [
      ["--sabotage", "gate", "--story", "destroy"],
      ["--story destroy", "a sabotage names the story"],
    ],
    [["azure"], ["azure", "known are ec2"]],
    [
      ["--story", "rollForwards"],
      ["--story rollForwards", "rollForward", "brokenDeploy", "all"],
    ],
    [
      ["--sabotage", "none"],
      ["--sabotage none", "gate", "drain", "threshold", "all"],
    ],
    [
      ["--seed", "1.5"],
      ["--seed 1.5", "a whole number from 0 to 2147483647"],
    ],
    [["--seed", "-1"], ["--seed"]],
    [["--seed", "2147483648"], ["--seed 2147483648"]],
    [
      ["--seed", ""],
      ["--seed", "a whole number"],
    ],
    [
      ["--speed", "0"],
      ["--speed 0", "a whole number from 1 to 600"],
    ],
    [["--speed", "601"], ["--speed 601"]],
    [["--speed", "fast"], ["--speed fast"]],
    [
      ["--again", "1.5"],
      ["--again 1.5", "from 0 to 100"],
    ],
    [
      ["--again", "101"],
      ["--again 101", "from 0 to 100"],
    ],
    [["--json"], ["--json"]],
    [["--storey", "all"], ["--storey"]],
  ];
  for (const [args, said] of wrong) {
    it(`refuse ${args.join(" ") || "nothing"} and say what is allowed`, () => {
      expect(() => readOptions(args))
        .to.throw(Error)
        .with.property("message");
      for (const part of said) expect(() => readOptions(args)).to.throw(part);
    });
  }
});
