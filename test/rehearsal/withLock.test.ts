import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { withLock } from "../../rehearsal/withLock.ts";

describe("withLock", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "symphainy-lock-"));
    path = join(folder, "engine");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("lets one work at a time and tells the others that they wait", async () => {
    let inside = 0;
    let waiting = 0;
    const most: number[] = [];
    const everybodyElseWaits = Promise.withResolvers<void>();
    const onWait = () => {
      waiting += 1;
      if (waiting === 2) everybodyElseWaits.resolve();
    };
    const work = async () => {
      inside += 1;
      most.push(inside);
      await everybodyElseWaits.promise;
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withLock(path, { onWait }, work)));
    expect(most).to.deep.equal([1, 1, 1]);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it("takes over from a holder that was killed", async () => {
    mkdirSync(`${path}.lock`);
    utimesSync(`${path}.lock`, new Date(0), new Date(0));
    expect(await withLock(path, {}, async () => "done")).to.equal("done");
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it("is free again after a failure, and stops waiting on a signal", async () => {
    const failed = withLock(path, {}, () => Promise.reject(new Error("broken")));
    expect(await failed.catch((error: Error) => error.message)).to.equal("broken");
    const given = new AbortController();
    const result = await withLock(path, {}, () =>
      withLock(path, { signal: given.signal, onWait: () => given.abort() }, async () => "in").catch(
        (error: Error) => error.name,
      ),
    );
    expect(result).to.equal("AbortError");
  });
});
