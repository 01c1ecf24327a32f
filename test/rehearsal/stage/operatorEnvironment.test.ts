import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { operatorEnvironment } from "../../../rehearsal/stage/operatorEnvironment.ts";

describe("the operator's environment", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "symphainy-operator-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("has a state of which a killed engine leaves the old or the new, never a half", async () => {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: killed\nruntime: nodejs\n");
    const state = join(folder, "state");
    mkdirSync(state);
    const env = operatorEnvironment({ folder, ports: {}, credentials: {} });
    const engine = process.env.REHEARSAL_ENGINE ?? "pulumi";
    await promisify(execFile)(engine, ["stack", "init", "one", "--non-interactive"], {
      cwd: folder,
      env,
    });
    const files = readdirSync(state, { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => file.endsWith("one.json"))).to.have.lengthOf(1);
    // Written in place, before the file itself, which is renamed.
    expect(files.filter((file) => file.endsWith(".attrs"))).to.deep.equal([]);
  });
});
