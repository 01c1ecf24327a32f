import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { SettingsError } from "../../../settings/problems.ts";
import {
  type CloudRunSettings,
  type EcsSettings,
  readSettings,
  type Settings,
} from "../../../settings.ts";

type Values = Record<string, unknown>;

/** An image that needs no build. */
export const digest = `repo.example/platform@sha256:${"a".repeat(64)}`;

/** One service with these values over a context that exists. */
export const service = (values: Values) => ({
  services: { platform: { context: "platform", ...values } },
});

/** A stack on Cloud Run with these values over what every one has. */
export const cloudRun = (values: Values = {}) => ({
  "aws:region": undefined,
  "gcp:project": "my-project",
  "gcp:region": "europe-west1",
  target: "cloudrun",
  ...values,
});

/** A project folder with a platform in it, and readers of settings that lie there. */
export interface Project {
  root: () => string;
  /** `symphainy:` is put before the keys that have no namespace; undefined leaves a key out. */
  read: (values: Values) => EcsSettings;
  /** The same of a stack on Cloud Run; see {@link cloudRun}. */
  readCloudRun: (values?: Values) => CloudRunSettings;
  /** What is wrong with the settings. */
  problems: (values: Values, secretKeys?: string[]) => readonly string[];
  /** Expects exactly one problem, which names all of these. */
  expectProblem: (values: Values, ...parts: string[]) => void;
}

/** For the body of a `describe`: made before its tests and removed after them. */
export function useProject(): Project {
  const places = [
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "GOOGLE_PROJECT",
    "GOOGLE_CLOUD_PROJECT",
    "GCLOUD_PROJECT",
    "CLOUDSDK_CORE_PROJECT",
    "GOOGLE_REGION",
    "GCLOUD_REGION",
    "CLOUDSDK_COMPUTE_REGION",
    "GOOGLE_IMPERSONATE_SERVICE_ACCOUNT",
  ];
  const kept = new Map<string, string | undefined>();
  let root = "";

  before(() => {
    root = mkdtempSync(join(tmpdir(), "settings-"));
    mkdirSync(join(root, "platform"));
    writeFileSync(join(root, "platform", "Dockerfile"), "FROM python:3.12-slim\n");
    mkdirSync(join(root, "empty"));
    for (const name of places) kept.set(name, process.env[name]);
  });
  beforeEach(() => {
    for (const name of places) delete process.env[name];
  });
  after(() => {
    for (const [name, value] of kept) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(root, { recursive: true });
  });

  function readAny(values: Values, secretKeys: string[] = []): Settings {
    const all = { "aws:region": "eu-central-1", target: "ec2", ...values };
    const config = Object.entries(all)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [
        key.includes(":") ? key : `symphainy:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]);
    pulumi.runtime.setAllConfig(Object.fromEntries(config), secretKeys);
    return readSettings(root);
  }

  function problems(values: Values, secretKeys?: string[]): readonly string[] {
    try {
      readAny(values, secretKeys);
    } catch (error) {
      if (error instanceof SettingsError) return error.problems;
      throw error;
    }
    return [];
  }

  return {
    root: () => root,
    read: (values) => {
      const settings = readAny(values);
      if (settings.target === "cloudrun") throw new Error("These are settings of Cloud Run.");
      return settings;
    },
    readCloudRun: (values) => {
      const settings = readAny(cloudRun(values));
      if (settings.target !== "cloudrun") throw new Error("These are no settings of Cloud Run.");
      return settings;
    },
    problems,
    expectProblem: (values, ...parts) => {
      const found = problems(values);
      expect(found, found.join("\n")).to.have.length(1);
      for (const part of parts) expect(found[0]).to.include(part);
    },
  };
}
