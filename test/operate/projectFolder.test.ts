import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { projectFolder } from "../../operate/projectFolder.ts";
import { UsageError } from "../../operate/usageError.ts";

describe("projectFolder", () => {
  let elsewhere: string;
  let project: string;

  before(() => {
    elsewhere = mkdtempSync(path.join(tmpdir(), "symphainy-operate-"));
    project = path.join(elsewhere, "project");
    mkdirSync(path.join(project, "platform"), { recursive: true });
    writeFileSync(path.join(project, "Pulumi.yaml"), "name: symphainy\n");
  });
  after(() => rmSync(elsewhere, { recursive: true }));

  it("is where the command was started, in a project or below one", () => {
    expect(projectFolder(undefined, project)).to.equal(project);
    const below = path.join(project, "platform");
    expect(projectFolder(undefined, below)).to.equal(below);
  });

  it("is this project, where the command was started in none", () => {
    const own = path.resolve(import.meta.dirname, "../..");
    expect(projectFolder(undefined, elsewhere)).to.equal(own);
  });

  it("is the folder that the user names, from where the command was started", () => {
    expect(projectFolder("project", elsewhere)).to.equal(project);
    expect(() => projectFolder(".", elsewhere)).to.throw(UsageError, "there is no Pulumi.yaml in");
  });
});
