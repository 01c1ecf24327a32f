import { expect } from "chai";
import { add, junitCounts, mochaCounts, none } from "../../tools/test/counts.ts";

describe("the counts of a test run", () => {
  it("are read off mocha's summary, the last one", () => {
    const output =
      "a test that prints\n  9 passing (1s)\n\n  12 passing (6m)\n  3 pending\n  2 failing\n\n  1) x";
    expect(mochaCounts(output)).to.deep.equal({ passed: 12, failed: 2, skipped: 3 });
    expect(mochaCounts("\n  995 passing (6m)\n\n")).to.deep.equal({ ...none, passed: 995 });
  });

  it("are none where mocha did not come to its summary", () => {
    expect(mochaCounts("Error: Cannot find module\n")).to.equal(undefined);
  });

  it("are read off the suites of a JUnit file", () => {
    const xml =
      '<testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="130" time="27.1">' +
      '<testcase name="a tests=5"/></testsuite></testsuites>';
    expect(junitCounts(xml)).to.deep.equal({ passed: 124, failed: 3, skipped: 3 });
    expect(junitCounts("<testsuites/>")).to.equal(undefined);
  });

  it("can be added", () => {
    const one = { passed: 1, failed: 2, skipped: 3 };
    expect(add(one, { passed: 4, failed: 5, skipped: 6 })).to.deep.equal({
      passed: 5,
      failed: 7,
      skipped: 9,
    });
  });
});
