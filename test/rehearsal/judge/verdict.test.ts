import { expect } from "chai";
import { verdictOn, verdictOnSabotage, worst } from "../../../rehearsal/judge/verdict.ts";
import { sabotagesNamed } from "../../../rehearsal/sabotage.ts";
import { playedRun } from "../../support/playedRun.ts";

const kept = playedRun();
const broken = playedRun({ broken: ["gate: opened after 0 healthy probes in a row"] });
const invalid = playedRun({ valid: false, invalidBecause: ["load went out 900 ms late"] });
const brokenAndInvalid = { ...invalid, broken: broken.broken };
const complaints = {
  broken: "BROKEN: ec2 noChange: gate: opened after 0 healthy probes in a row",
  invalid: "INVALID: ec2 noChange: load went out 900 ms late",
};

describe("the verdict on a rehearsal", () => {
  it("is 0 when every story kept every promise", () => {
    expect(verdictOn([kept, kept])).to.deep.equal({
      exitCode: 0,
      words: "2 of 2 stories ended as they must, 0 broke a promise, 0 invalid",
    });
  });

  it("is 1 when one of them broke a promise, whatever the others did", () => {
    expect(verdictOn([kept, broken, invalid])).to.deep.equal({
      exitCode: 1,
      words: [
        complaints.broken,
        complaints.invalid,
        "1 of 3 stories ended as they must, 1 broke a promise, 1 invalid",
      ].join("\n"),
    });
  });

  it("is 3 when one is invalid, be its promises broken or not: neither pass nor fail", () => {
    for (const run of [invalid, brokenAndInvalid]) {
      expect(verdictOn([kept, run])).to.deep.equal({
        exitCode: 3,
        words: `${complaints.invalid}\n1 of 2 stories ended as they must, 0 broke a promise, 1 invalid`,
      });
    }
  });

  it("is the last attempt's where an invalid story was played again", () => {
    const again = { attempt: 2 };
    expect(verdictOn([kept, invalid, playedRun(again)])).to.deep.equal({
      exitCode: 0,
      words:
        "2 of 2 stories ended as they must, 0 broke a promise, 0 invalid, 1 invalid run was repeated",
    });
    const twice = [brokenAndInvalid, { ...invalid, ...again }, playedRun({ attempt: 3 })];
    expect(verdictOn([...twice, broken])).to.deep.equal({
      exitCode: 1,
      words: `${complaints.broken}\n1 of 2 stories ended as they must, 1 broke a promise, 0 invalid, 2 invalid runs were repeated`,
    });
    expect(verdictOn([invalid, { ...invalid, ...again }])).to.deep.equal({
      exitCode: 3,
      words: `${complaints.invalid}\n0 of 1 stories ended as they must, 0 broke a promise, 1 invalid, 1 invalid run was repeated`,
    });
    expect(verdictOn([invalid, { ...broken, ...again }]).exitCode).to.equal(1);
  });

  it("tells attempts from other stories, whatever has ended between them", () => {
    const other = playedRun({ story: "destroy" });
    const again = playedRun({ attempt: 2 });
    const played = [invalid, other, { ...invalid, story: "destroy" }, again, kept];
    expect(verdictOn(played)).to.deep.equal({
      exitCode: 3,
      words: [
        "INVALID: ec2 destroy: load went out 900 ms late",
        "3 of 4 stories ended as they must, 0 broke a promise, 1 invalid, 1 invalid run was repeated",
      ].join("\n"),
    });
  });

  it("is 3 when nothing was played", () => {
    expect(verdictOn([]).exitCode).to.equal(3);
  });
});

describe("the verdict on a sabotage", () => {
  const [sabotage = expect.fail()] = sabotagesNamed("gate");

  it("is 0 when the promise it names was broken", () => {
    const other = playedRun({ broken: ["outcome: expected held", ...broken.broken] });
    for (const run of [broken, other]) {
      const { exitCode, words } = verdictOnSabotage(sabotage, [run]);
      expect(exitCode).to.equal(0);
      expect(words).to.match(/^noticed +ec2 gate in rollForward +gate: opened after 0/);
    }
  });

  it("is 1 when nothing was broken, or something else", () => {
    expect(verdictOnSabotage(sabotage, [kept]).exitCode).to.equal(1);
    const other = playedRun({ broken: ["no request lost: 3 of 9"] });
    const { exitCode, words } = verdictOnSabotage(sabotage, [other]);
    expect(exitCode).to.equal(1);
    expect(words)
      .to.match(/^UNNOTICED/)
      .and.to.include("no request lost: 3 of 9");
  });

  it("is 3 when the run is invalid, though the promise was broken in it", () => {
    const { exitCode, words } = verdictOnSabotage(sabotage, [brokenAndInvalid]);
    expect(exitCode).to.equal(3);
    expect(words)
      .to.match(/^INVALID/)
      .and.to.include("load went out 900 ms late");
  });
});

describe("the worst of several exit codes", () => {
  it("is 1 before 3 before 0", () => {
    expect(worst([0, 3, 1])).to.equal(1);
    expect(worst([0, 3])).to.equal(3);
    expect(worst([0, 0])).to.equal(0);
  });
});
