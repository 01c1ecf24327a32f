// Runs before `npm test` and `npm run rehearse`, on whatever Node the machine has and before anything is installed:
// built-in modules only. Installs what is missing, and nothing when nothing is.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = join(root, "node_modules", ".prepared");

const wanted = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");
const has = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";

if (has !== wanted) {
  console.log("installing the project's packages (npm ci)");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) fail("npm ci failed; its own message is above");
  writeFileSync(stamp, wanted);
}

const python = spawnSync(
  "python3",
  ["-c", "import sys, venv; print(sys.version_info >= (3, 10))"],
  {
    encoding: "utf8",
  },
);
if (python.stdout?.trim() !== "True") {
  fail("python3 (3.10 or newer, with venv) is needed on PATH: the platform runs as a real process");
}

function fail(message) {
  console.error(`prepare: ${message}`);
  process.exit(1);
}
