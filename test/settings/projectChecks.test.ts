import { expect } from "chai";
import {
  cloudRunNameProblems,
  projectProblems,
  stackProblems,
} from "../../settings/projectChecks.ts";

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

describe("cloudRunNameProblems", () => {
  const of = (project: string, stack: string, ...services: string[]) =>
    cloudRunNameProblems(project, stack, services);

  it("takes what makes a name of at most 37 characters", () => {
    expect(of("symphainy", "cloudrun", "platform")).to.deep.equal([]);
    expect(of("a".repeat(20), "b".repeat(8), "seven-7")).to.deep.equal([]);
  });
  it("names the service whose name would be too long", () => {
    const [problem = "", ...more] = of("a".repeat(20), "b".repeat(8), "c", "eight-88");
    expect(more).to.deep.equal([]);
    expect(problem)
      .to.include("symphainy:services.eight-88 would be called")
      .and.include("(38 characters)")
      .and.include("at most 37 lower-case letters, digits and hyphens")
      .and.include("Rename the service, or the stack");
  });
  it("names a stack with capitals once", () => {
    const found = of("symphainy", "Production", "a", "b");
    expect(found).to.have.length(1);
    expect(found[0]).to.include('the stack is called "Production"').and.include("stack rename");
  });
  it("names a project that is no beginning of a name", () => {
    const found = of("My.project", "cloudrun", "a");
    expect(found).to.have.length(1);
    expect(found[0]).to.include('name in Pulumi.yaml is "My.project"');
  });
});
