import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Releases } from "../../../rehearsal/stage/releases.ts";
import { projectRoot } from "../../../rehearsal/stage/workspace.ts";
import type { Release, ReleaseKind } from "../../../rehearsal/stories/play.ts";

const platform = join(projectRoot, "platform");

/** By kind: the file that differs from the platform's, and what stands in it. */
const kinds: Record<ReleaseKind, [string, RegExp]> = {
  good: ["main.py", /# Release good 1\./],
  broken: ["services/vehicle_data.py", /^raise RuntimeError/],
  regressing: ["release_change.py", /% 5 == 0/],
  slow: ["release_change.py", />= 0:\n\s+await asyncio\.sleep\(0\.7\)/],
  slowStart: ["main.py", /time\.sleep\(3\)\n\s+lifecycle = Lifecycle\(\)/],
  crashLoop: ["main.py", /Timer\(3, os\._exit, \[1\]\)\.start\(\)\n\s+server\.run\(\)/],
  flapping: ["release_change.py", /"health_percentage": 60\.0/],
  aging: ["release_change.py", />= 3:\n\s+await asyncio\.sleep\(0\.7\)/],
};

describe("a release of the rehearsal", () => {
  let folder: string;
  let releases: Releases;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "symphainy-releases-"));
    releases = new Releases({ platform, folder });
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function read(release: Release, file: string): string {
    return readFileSync(join(release.context, "symphainy-platform", file), "utf8");
  }

  for (const [kind, [file, change]] of Object.entries(kinds) as [ReleaseKind, [string, RegExp]][]) {
    it(`that is ${kind} is the platform, changed in its source, and is Python`, async () => {
      const release = releases.next(kind, { afterSeconds: 3, delaySeconds: 0.7 });
      expect(release).to.deep.include({ kind, name: `${kind} 1` });
      await releases.make(release);
      expect(read(release, file)).to.match(change);
      expect(readdirSync(release.context)).to.include.members(["Dockerfile", "requirements.txt"]);
      const source = join(release.context, "symphainy-platform");
      const files = readdirSync(source).filter((name) => name.endsWith(".py"));
      const check = "import ast, sys; [ast.parse(open(file).read()) for file in sys.argv[1:]]";
      execFileSync("python3", ["-c", check, ...files.map((name) => join(source, name))]);
    });
  }

  it("differs from every other one, of its kind too", async () => {
    const [one, other] = [releases.next("good"), releases.next("good")];
    await releases.make(one);
    await releases.make(other);
    expect(one.context).not.to.equal(other.context);
    expect(read(one, "main.py")).not.to.equal(read(other, "main.py"));
  });

  it("is written once, so that it can be deployed again unchanged", async () => {
    const release = releases.next("good");
    await releases.make(release);
    writeFileSync(join(release.context, "mark"), "");
    await releases.make(release);
    expect(readdirSync(release.context)).to.include("mark");
    expect(read(release, "main.py").match(/# Release/g)).to.have.length(1);
  });

  it("is no toy where the platform's source has changed: that is an error that names the text", async () => {
    const changed = join(folder, "changed");
    mkdirSync(join(changed, "symphainy-platform"), { recursive: true });
    for (const file of ["main.py", "application.py"]) {
      writeFileSync(join(changed, "symphainy-platform", file), "print('another platform')\n");
    }
    const others = new Releases({ platform: changed, folder });
    const error: unknown = await others.make(others.next("slow")).catch((thrown) => thrown);
    expect(error).to.be.an.instanceOf(Error);
    expect((error as Error).message)
      .to.match(/application\.py has no "from lifecycle import Lifecycle/)
      .and.to.include("rehearsal/stage/releaseKinds.ts");
  });

  it("of somebody's own is left as it is", async () => {
    const context = join(folder, "own");
    mkdirSync(context);
    await releases.make({ kind: "custom", name: "own", context });
    expect(readdirSync(context)).to.deep.equal([]);
  });
});
