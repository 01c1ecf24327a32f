import { expect } from "chai";
import { readReleaseOptions } from "../../operate/releaseOptions.ts";
import { readRollbackOptions } from "../../operate/rollbackOptions.ts";
import { UsageError } from "../../operate/usageError.ts";

describe("readReleaseOptions", () => {
  const nothing = { service: undefined, cwd: undefined, json: false };

  it("reads a stack and a command", () => {
    const wanted = { stack: "ec2", verb: "status", ...nothing };
    expect(readReleaseOptions(["ec2", "status"])).to.deep.equal(wanted);
  });

  it("reads options wherever they stand", () => {
    const args = ["--json", "org/symphainy/ec2", "--service", "api", "history", "--cwd=there"];
    expect(readReleaseOptions(args)).to.deep.equal({
      stack: "org/symphainy/ec2",
      verb: "history",
      service: "api",
      cwd: "there",
      json: true,
    });
  });

  it("gives help whatever else is wrong", () => {
    expect(readReleaseOptions(["--help"])).to.equal("help");
    expect(readReleaseOptions(["-h", "nonsense", "nonsense"])).to.equal("help");
  });

  for (const [args, message] of [
    [[], "Which stack? Name it first."],
    [["ec2"], "A command is missing; there are status, pause, resume, promote, abort, history."],
    [["ec2", "stop"], "stop is not a command; there are status"],
    [["ec2", "status", "api"], "api: nothing comes after status."],
    [["ec2", "status", "--sevice", "api"], "--sevice"],
    [["ec2", "status", "--service"], "--service"],
    [["--", "-x", "status"], "-x is not the name of a stack"],
  ] as const) {
    it(`refuses "${args.join(" ")}"`, () => {
      expect(() => readReleaseOptions([...args])).to.throw(UsageError, message);
    });
  }
});

describe("readRollbackOptions", () => {
  const nothing = { service: undefined, cwd: undefined, to: undefined, up: undefined };

  it("reads a stack alone", () => {
    expect(readRollbackOptions(["ec2"])).to.deep.equal({ stack: "ec2", ...nothing });
  });

  it("reads a release, and what pulumi up is told", () => {
    const args = ["ec2", "--to", "aaaaaaaaaaaa", "--up", "--", "--yes", "--policy-pack", "policy"];
    expect(readRollbackOptions(args)).to.deep.equal({
      ...nothing,
      stack: "ec2",
      to: "aaaaaaaaaaaa",
      up: ["--yes", "--policy-pack", "policy"],
    });
    expect(readRollbackOptions(["ec2", "--up"])).to.deep.include({ up: [] });
  });

  it("gives help", () => {
    expect(readRollbackOptions(["--help"])).to.equal("help");
  });

  for (const [args, message] of [
    [[], "Which stack?"],
    [["ec2", "aaaaaaaaaaaa"], "aaaaaaaaaaaa: only the stack is named; a release by --to."],
    [["ec2", "--json"], "--json"],
    [["ec2", "--", "--yes"], "--yes: without --up"],
  ] as const) {
    it(`refuses "${args.join(" ")}"`, () => {
      expect(() => readRollbackOptions([...args])).to.throw(UsageError, message);
    });
  }
});
