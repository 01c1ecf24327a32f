import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { engineVersion } from "../../../rehearsal/engine/engineVersion.ts";
import { findEngine, type Way } from "../../../rehearsal/engine/findEngine.ts";

describe("findEngine", () => {
  const { PATH } = process.env;
  let root: string;
  let folder: string;
  let path: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "symphainy-engine-"));
    folder = join(root, "engine");
    path = join(root, "path");
    mkdirSync(path);
    // Nothing but what a test puts there.
    process.env.PATH = path;
  });
  afterEach(() => {
    process.env.PATH = PATH;
    rmSync(root, { recursive: true, force: true });
  });

  it("takes the one on PATH without trying anything else", async () => {
    writeEngine(join(path, "pulumi"), "3.999.0");
    const engine = await findEngine({ folder, ways: [forbidden] });
    expect(engine).to.deep.equal({ command: "pulumi", version: "3.999.0", source: "path" });
    expect(existsSync(folder)).to.equal(false);
  });

  it("passes over one on PATH that is too old", async () => {
    writeEngine(join(path, "pulumi"), "3.100.0");
    const engine = await findEngine({ folder, ways: [works("installed")] });
    expect(engine).to.deep.include({ version: engineVersion, source: "installed" });
  });

  it("goes the first way that works, and keeps its engine", async () => {
    const tried: string[] = [];
    const ways = [fails("installed", "no network", tried), works("built", tried)];
    const engine = await findEngine({ folder, ways });
    const home = join(folder, `v${engineVersion}`);
    expect(engine).to.deep.equal({
      command: join(home, "bin", "pulumi"),
      version: engineVersion,
      source: "built",
    });
    expect(tried).to.deep.equal(["installed", "built"]);
    expect(await findEngine({ folder, ways: [forbidden] })).to.deep.equal(engine);
    expect(readdirSync(folder)).to.deep.equal([`v${engineVersion}`]);
  });

  it("does not try the second way when the first has worked", async () => {
    const engine = await findEngine({ folder, ways: [works("installed"), forbidden] });
    expect(engine.source).to.equal("installed");
    expect((await findEngine({ folder, ways: [forbidden] })).source).to.equal("installed");
  });

  it("makes a kept engine anew that does not run any more", async () => {
    const { command } = await findEngine({ folder, ways: [works("built")] });
    writeFileSync(command, "#!/bin/sh\nexit 1\n");
    const engine = await findEngine({ folder, ways: [works("installed")] });
    expect(engine).to.deep.equal({ command, version: engineVersion, source: "installed" });
  });

  it("passes over one on PATH that belongs to another major version", async () => {
    writeEngine(join(path, "pulumi"), "4.0.0");
    const engine = await findEngine({ folder, ways: [works("built")] });
    expect(engine).to.deep.include({ version: engineVersion, source: "built" });
  });

  it("takes no engine for good that does not run, and leaves nothing of it", async () => {
    const dud: Way = {
      source: "installed",
      async obtain(into) {
        mkdirSync(join(into, "bin"), { recursive: true });
        writeFileSync(join(into, "bin", "pulumi"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
      },
    };
    const engine = await findEngine({ folder, ways: [dud, works("built")] });
    expect(engine.source).to.equal("built");
    expect(readdirSync(folder)).to.deep.equal([`v${engineVersion}`]);
  });

  it("names all three ways, why each of them failed, and how to mend it", async () => {
    const ways = [fails("installed", "no network\nat line 1"), fails("built", "there is no Go")];
    const message = await findEngine({ folder, ways }).then(
      () => expect.fail("an engine was found"),
      (error: Error) => error.message,
    );
    expect(message.split("\n").slice(0, 4)).to.deep.equal([
      `No Pulumi engine (v${engineVersion} or newer) can be had. Tried:`,
      "  - pulumi on PATH: there is none",
      "  - download: no network",
      "  - build: there is no Go",
    ]);
    for (const mended of ["put pulumi", "make get.pulumi.com reachable", "install Go 1.26"]) {
      expect(message).to.include(mended);
    }
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it("lets a second caller wait for the first, and use what that one has made", async () => {
    const begun = Promise.withResolvers<void>();
    const waits = Promise.withResolvers<void>();
    const slow: Way = {
      source: "built",
      async obtain(into) {
        begun.resolve();
        await waits.promise;
        writeEngine(join(into, "bin", "pulumi"));
      },
    };
    const first = findEngine({ folder, ways: [slow] });
    await begun.promise;
    const said: string[] = [];
    const onProgress = (message: string) => {
      said.push(message);
      waits.resolve();
    };
    const second = await findEngine({ folder, ways: [forbidden], onProgress });
    expect(second).to.deep.equal(await first);
    expect(said).to.have.length(1);
    expect(said[0]).to.include("waiting");
  });

  it("stops with the caller's reason when it is interrupted, and tries no other way", async () => {
    const interrupted = new AbortController();
    const way: Way = {
      source: "installed",
      async obtain() {
        interrupted.abort(new Error("interrupted by SIGINT"));
        throw new Error("the child was killed");
      },
    };
    const found = findEngine({ folder, ways: [way, forbidden], signal: interrupted.signal });
    expect(await found.catch((error: Error) => error.message)).to.equal("interrupted by SIGINT");
    expect(readdirSync(folder)).to.deep.equal([]);
  });
});

const forbidden: Way = {
  source: "built",
  obtain: () => Promise.reject(new Error("this way should not have been tried")),
};

function works(source: Way["source"], tried: string[] = []): Way {
  return {
    source,
    async obtain(into) {
      tried.push(source);
      writeEngine(join(into, "bin", "pulumi"));
    },
  };
}

function fails(source: Way["source"], reason: string, tried: string[] = []): Way {
  return {
    source,
    obtain() {
      tried.push(source);
      return Promise.reject(new Error(reason));
    },
  };
}

/** Something that answers `pulumi version`. */
function writeEngine(file: string, version: string = engineVersion): void {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho v${version}\n`, { mode: 0o755 });
}
