import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { ensureCachedFolder } from "./cachedFolder.ts";
import type { NodeRuntime } from "./node.ts";
import { type RunToolArgs, runTool } from "./runTool.ts";

/** One `npm ci` or `npm install`. */
export interface NpmInstall {
  /** Where the Dockerfile has it. */
  line: number;
  command: "ci" | "install";
  options: string[];
  /** `package.json`, without its scripts, the lock file and `.npmrc`, by name. */
  files: Record<string, string>;
  /** NODE_ENV at that line: npm leaves out development's packages in production. */
  nodeEnv: string | undefined;
}

export interface NodeModulesArgs extends Pick<RunToolArgs, "processes" | "signal"> {
  onProgress: (message: string) => void;
  node: NodeRuntime;
  install: NpmInstall;
  cacheDir: string;
}

/**
 * A folder with a `node_modules` that holds these packages, made when the cache has none.
 *
 * @throws Error, when this machine has no npm; with npm's last lines, when it fails.
 */
export async function ensureNodeModules(args: NodeModulesArgs): Promise<string> {
  const folder = join(args.cacheDir, "node_modules", modulesKey(args));
  return ensureCachedFolder(folder, { ...args, make: () => build(folder, args) });
}

function modulesKey({ node, install }: NodeModulesArgs): string {
  const { line: _, ...what } = install;
  const parts = { ...what, platform: process.platform, arch: process.arch };
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return `node${node.version}-${hash.slice(0, 16)}`;
}

async function build(folder: string, args: NodeModulesArgs): Promise<void> {
  const { node, install, onProgress } = args;
  if (node.npm === undefined) {
    throw new Error(
      `Dockerfile line ${install.line}, "npm ${install.command}": this machine has no npm, which the rehearsal needs ` +
        "to install a service's packages. Install it, and have it on PATH.",
    );
  }
  mkdirSync(folder);
  for (const [name, content] of Object.entries(install.files)) {
    writeFileSync(join(folder, name), content);
  }
  onProgress(`installing the packages of package.json for Node ${node.version}`);
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier"];
  await runTool(node.npm, [install.command, ...install.options, ...quiet], {
    ...args,
    cwd: folder,
    env: {
      NODE_ENV: install.nodeEnv,
      // Scripts of packages build for the Node that will run them.
      PATH: [dirname(node.path), process.env.PATH].join(delimiter),
    },
  });
  // It may hold the way to a private registry.
  rmSync(join(folder, ".npmrc"), { force: true });
  mkdirSync(join(folder, "node_modules"), { recursive: true });
}
