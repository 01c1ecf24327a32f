import { expect } from "chai";
import { projectProblems, stackProblems } from "../../settings/projectChecks.ts";

describe("names of project and stack", () => {
  for (const [project, stack] of [
    ["symphainy", "ec2"],
    ["a", "Blue_2-b"],
    ["a".repeat(24), "a".repeat(100)],
  ] as const) {
    it(`${project} and ${stack} are fine`, () => {
      expect([...projectProblems(project), ...stackProblems(stack)]).to.deep.equal([]);
    });
  }

  for (const project of [
    "a".repeat(25),
    "Symphainy",
    "my.app",
    "my_app",
    "9lives",
    "app-",
    "aws-app",
  ]) {
    it(`no project is called ${project}`, () => {
      const [problem, ...more] = projectProblems(project);
      expect(problem).to.include(`is "${project}"`).and.to.include("1 to 24 lower-case letters");
      expect(more).to.deep.equal([]);
    });
  }

  for (const stack of ["a.b", "a".repeat(101), ""]) {
    it(`no stack is called "${stack}"`, () => {
      expect(stackProblems(stack).join()).to.include(`is called "${stack}"`);
    });
  }
});
