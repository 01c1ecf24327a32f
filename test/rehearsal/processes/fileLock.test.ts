import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "chai";
import { withFileLock } from "../../../rehearsal/processes/fileLock.ts";

describe("withFileLock", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "symphainy-lock-"));
    path = join(folder, "lock");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("lets one work at a time and tells the others whom they wait for", async () => {
    let inside = 0;
    const waitedFor: number[] = [];
    const most: number[] = [];
    const work = async () => {
      inside += 1;
      most.push(inside);
      await wait(20);
      inside -= 1;
    };
    await Promise.all(
      [1, 2, 3].map(() => withFileLock(path, work, { onWait: (pid) => waitedFor.push(pid) })),
    );
    expect(most).to.deep.equal([1, 1, 1]);
    expect(waitedFor).to.include(process.pid);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it("takes over from a holder that is gone", async () => {
    writeFileSync(path, JSON.stringify({ pid: process.pid, start: "another life" }));
    expect(await withFileLock(path, async () => "done")).to.equal("done");
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it("is free again after a failure, and stops waiting on a signal", async () => {
    const failed = withFileLock(path, () => Promise.reject(new Error("broken")));
    expect(await failed.catch((error: Error) => error.message)).to.equal("broken");
    const signal = AbortSignal.timeout(50);
    const result = await withFileLock(path, () =>
      withFileLock(path, async () => "inside", { signal }).catch((error: Error) => error.name),
    );
    expect(result).to.equal("AbortError");
  });
});
