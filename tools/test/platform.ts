import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { cacheRoot } from "../../rehearsal/cacheRoot.ts";
import { findPython } from "../../rehearsal/container/python.ts";
import { ensureVirtualEnvironment } from "../../rehearsal/container/virtualEnvironment.ts";
import { openProcesses } from "../../rehearsal/processes/supervisor.ts";

/** Runs the platform's own tests by the scripts of its UAT package, with the packages that it pins. */
const platform = resolve(import.meta.dirname, "../../platform");
const scripts = join(platform, "UAT_PACKAGE", "scripts");

const bin = await virtualEnvironment();
const env = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) };
const tests = spawnSync(join(scripts, "run_all_tests.sh"), process.argv.slice(2), {
  env,
  stdio: "inherit",
});
// Of a run with failed tests, too: that is when the report is read.
execFileSync(join(scripts, "generate_test_report.sh"), { env, stdio: "inherit" });
process.exitCode = tests.status ?? 1;

/** The folder with a Python that has what the platform and its tests need; kept between runs. */
async function virtualEnvironment(): Promise<string> {
  const runDir = mkdtempSync(join(tmpdir(), "symphainy-test-"));
  const processes = await openProcesses({ runDir });
  const names = ["requirements.txt", "requirements-test.txt"];
  const files = Object.fromEntries(
    names.map((name) => [`/${name}`, readFileSync(join(platform, name), "utf8")]),
  );
  try {
    const folder = await ensureVirtualEnvironment({
      python: await findPython(null),
      installs: [{ files, requirements: Object.keys(files), options: ["--require-hashes"] }],
      cacheDir: cacheRoot(),
      processes,
      onProgress: (message) => console.log(message),
    });
    return join(folder, "bin");
  } finally {
    await processes.close();
    rmSync(runDir, { recursive: true, force: true });
  }
}
