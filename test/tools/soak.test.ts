import { expect } from "chai";
import type { Run } from "../../rehearsal/report.ts";
import { applicable, stories } from "../../rehearsal/stories/index.ts";
import { targets } from "../../rehearsal/targets.ts";
import { type Round, readSoakOptions, type SoakOptions, soak } from "../../tools/soak.ts";
import { rowOf, table } from "../../tools/soakTable.ts";
import { playedRun } from "../support/playedRun.ts";

const kept = { valid: true, broken: [] };
const broken = { valid: true, broken: ["gate: the candidate answered 1 requests", "gate: again"] };
const invalid = { valid: false, broken: [], invalidBecause: ["load went out 900 ms late"] };
const brokenAndInvalid = { ...invalid, broken: ["no request lost: 1 of 9"] };

/** Plays these runs of each story, the last of them for ever. */
async function soaked(
  options: Pick<SoakOptions, "runs" | "hogs">,
  plan: Record<string, Partial<Run>[]>,
) {
  const rounds: Round[] = [];
  const played = new Map<string, number>();
  const all = { target: "fargate" as const, stories: Object.keys(plan), lanes: 2, ...options };
  const result = await soak(all, async (round) => {
    rounds.push(round);
    return round.stories.map((story) => {
      const runs = plan[story] ?? [];
      const number = played.get(story) ?? 0;
      played.set(story, number + 1);
      return playedRun({ ...(runs[number] ?? runs.at(-1)), story, seed: round.seed });
    });
  });
  return { ...result, rounds };
}

describe("a soak", () => {
  it("plays all stories in each rehearsal, the last ones beside hogs, each with its own seed", async () => {
    const options = { runs: 4, hogs: 2 };
    const { soaked: runs, exitCode, rounds } = await soaked(options, { a: [kept], b: [kept] });
    expect(exitCode).to.equal(0);
    expect(runs).to.have.length(8);
    expect(rounds).to.deep.equal(
      [false, false, true, true].map((beside, index) => ({
        target: "fargate",
        stories: ["a", "b"],
        beside,
        seed: index + 1,
        lanes: 2,
      })),
    );
  });

  it("repeats what was invalid, and nothing else", async () => {
    const {
      soaked: runs,
      exitCode,
      rounds,
    } = await soaked(
      { runs: 2, hogs: 1 },
      {
        a: [kept],
        b: [invalid, kept, invalid, kept],
      },
    );
    expect(exitCode).to.equal(0);
    expect(rounds.map(({ stories: played, beside }) => [played.join(), beside])).to.deep.equal([
      ["a,b", false],
      ["b", false],
      ["a,b", true],
      ["b", true],
    ]);
    expect(table(runs).at(-1)).to.equal("4 of 4 valid runs kept every promise; 2 invalid");
  });

  it("gives up a machine that is too busy, and takes no invalid run for a pass", async () => {
    const { soaked: runs, exitCode } = await soaked(
      { runs: 2, hogs: 0 },
      { a: [kept, invalid], b: [kept] },
    );
    expect(exitCode).to.equal(3);
    expect(runs.filter(({ run }) => run.story === "a")).to.have.length(8);
    expect(runs.filter(({ run }) => run.story === "b")).to.have.length(2);
  });

  it("fails for one broken promise in a valid run, and plays on", async () => {
    const { soaked: runs, exitCode } = await soaked({ runs: 3, hogs: 0 }, { a: [broken, kept] });
    expect(exitCode).to.equal(1);
    expect(runs).to.have.length(3);
    expect(table(runs).at(-1)).to.equal("2 of 3 valid runs kept every promise; 0 invalid");
  });

  it("does not take a broken promise of an invalid run for one", async () => {
    const { soaked: runs, exitCode } = await soaked(
      { runs: 1, hogs: 0 },
      { a: [brokenAndInvalid, kept] },
    );
    expect(exitCode).to.equal(0);
    expect(table(runs).join("\n")).not.to.include("no request lost");
  });

  it("tells of each story how many runs were valid, kept and invalid, the median and what broke", () => {
    const runs = [
      playedRun({ ...broken, story: "a", seconds: 30 }),
      playedRun({ ...kept, story: "b", seconds: 7 }),
      playedRun({ ...broken, story: "a", seconds: 10 }),
      playedRun({ ...invalid, story: "b", seconds: 1 }),
      playedRun({ ...kept, story: "a", seconds: 20 }),
      playedRun({ ...brokenAndInvalid, story: "c" }),
    ].map((run) => ({ beside: false, run }));
    const cells = table(runs).map((line) => line.trim().split(/ +/).join(" "));
    expect(cells).to.deep.equal([
      "valid kept invalid seconds",
      "a 3 1 0 20.0 BROKEN: gate (2)",
      "b 1 1 1 7.0",
      "c 0 0 1 -",
      "2 of 4 valid runs kept every promise; 2 invalid",
    ]);
  });

  it("tells of each run whether it counts, and why not", () => {
    const row = (run: Partial<Run>, beside = false) => rowOf({ beside, run: playedRun(run) });
    expect(row(broken)).to.match(/noChange .*BROKEN .*gate: the candidate answered 1 requests/);
    expect(row(brokenAndInvalid)).to.match(/ invalid .*load went out 900 ms late$/);
    expect(row(kept, true)).to.match(/ hogs +kept /);
  });

  it("reads its options, and says what is wrong with them", () => {
    expect(readSoakOptions(["--story", "noChange,destroy,noChange"])).to.deep.equal({
      target: "ec2",
      stories: ["noChange", "destroy"],
      runs: 10,
      hogs: 2,
      lanes: 1,
    });
    for (const target of targets) {
      expect(readSoakOptions([target, "--story", "all"]).stories).to.deep.equal(
        applicable(stories, target).map(({ name }) => name),
      );
    }
    const wrong: [string[], string][] = [
      [[], "names of stories are needed, or all"],
      [["--story", "none"], "there is no such story"],
      [["lambda", "--story", "all"], "lambda: one target is needed, of ec2, fargate"],
      [["ec2", "fargate", "--story", "all"], "ec2 fargate: one target is needed"],
      [["--story", "noChange", "--runs", "0"], "--runs 0: a whole number from 1"],
      [
        ["--story", "noChange", "--runs", "2", "--hogs", "3"],
        "--hogs 3: a whole number from 0 to 2",
      ],
      [["--story", "noChange", "--lanes", "two"], "--lanes two: a whole number from 1 to 8"],
    ];
    for (const [args, said] of wrong) expect(() => readSoakOptions(args)).to.throw(said);
  });
});
