import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Pulumi } from "../../../operate/pulumi.ts";

/** A `pulumi` that does what a shell script says, and notes how it was called, and in `pid` as which process. */
export interface FakePulumi {
  /** Where it is. */
  folder: string;
  pulumi: Pulumi;
  controller: AbortController;
  /** The arguments of each call, joined by spaces. */
  calls(): string[];
  dispose(): void;
}

/** @param script - what it does; `$@` are its arguments. */
export function fakePulumi(script: string): FakePulumi {
  const folder = mkdtempSync(path.join(tmpdir(), "symphainy-operate-"));
  const log = path.join(folder, "calls");
  writeFileSync(log, "");
  writeFileSync(
    path.join(folder, "pulumi"),
    `#!/bin/sh\necho $$ >"${folder}/pid"\necho "$@" >>"${log}"\n${script}\n`,
    {
      mode: 0o755,
    },
  );
  const controller = new AbortController();
  const env = { PATH: [folder, process.env.PATH].join(path.delimiter) };
  const { signal } = controller;
  return {
    folder,
    pulumi: new Pulumi({ cwd: folder, stack: "ec2", env, signal }),
    controller,
    calls: () => readFileSync(log, "utf8").split("\n").filter(Boolean),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}
