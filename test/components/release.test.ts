import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { contextEntries } from "../../components/buildContext.ts";
import { defaultHealth } from "../../components/healthSpec.ts";
import {
  contextHash,
  imageHash,
  type ReleaseContent,
  releaseId,
} from "../../components/release.ts";

describe("contextHash", () => {
  let root: string;
  let context: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "context-"));
    context = join(root, "platform");
    write("Dockerfile", "FROM python:3.12-slim\n");
    write("app/main.py", "print(1)\n");
    write("app/util.py", "x = 1\n");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function write(path: string, text: string) {
    mkdirSync(dirname(join(context, path)), { recursive: true });
    writeFileSync(join(context, path), text);
  }
  const hash = () => contextHash(context, join(context, "Dockerfile"));
  const paths = () => contextEntries(context, join(context, "Dockerfile")).map(({ path }) => path);

  it("is the same for a copy in another place", () => {
    const copy = join(root, "copy");
    cpSync(context, copy, { recursive: true });
    expect(contextHash(copy, join(copy, "Dockerfile"))).to.equal(hash());
  });
  it("has 64 hexadecimal digits", () => {
    expect(hash()).to.match(/^[0-9a-f]{64}$/);
  });

  const changes: Record<string, () => void> = {
    "a content": () => write("app/main.py", "print(2)\n"),
    "a new file": () => write("app/new.py", ""),
    "a file that is gone": () => rmSync(join(context, "app/util.py")),
    "a name": () => {
      rmSync(join(context, "app/util.py"));
      write("app/utils.py", "x = 1\n");
    },
    "text that moves from one file to the next": () => {
      write("app/main.py", "print(1)\nx = 1\n");
      write("app/util.py", "");
    },
    "an executable bit": () => chmodSync(join(context, "app/main.py"), 0o755),
    "a file that becomes a link to it": () => {
      rmSync(join(context, "app/util.py"));
      symlinkSync("main.py", join(context, "app/util.py"));
    },
    "the Dockerfile": () => write("Dockerfile", "FROM python:3.13-slim\n"),
  };
  for (const [change, apply] of Object.entries(changes)) {
    it(`changes with ${change}`, () => {
      const before = hash();
      apply();
      expect(hash()).not.to.equal(before);
    });
  }

  it("does not change with the group's and others' rights to read", () => {
    chmodSync(join(context, "app/main.py"), 0o644);
    const before = hash();
    chmodSync(join(context, "app/main.py"), 0o600);
    expect(hash()).to.equal(before);
  });
  it("does not change with an empty folder", () => {
    const before = hash();
    mkdirSync(join(context, "empty"));
    expect(hash()).to.equal(before);
  });
  it("changes with a Dockerfile that is left out of the context", () => {
    write(".dockerignore", "Dockerfile\n");
    const before = hash();
    write("Dockerfile", "FROM python:3.13-slim\n");
    expect(hash()).not.to.equal(before);
  });
  it("does not follow links, so a loop ends", () => {
    symlinkSync("..", join(context, "app/up"));
    symlinkSync("/nowhere", join(context, "app/dangling"));
    expect(paths()).to.include.members(["app/up", "app/dangling"]);
  });
  it("refuses what can't be in an image", () => {
    const made = spawnSync("mkfifo", [join(context, "pipe")]);
    expect(made.status).to.equal(0);
    expect(hash).to.throw("pipe is neither a file, a folder nor a link");
  });

  describe(".dockerignore", () => {
    beforeEach(() => {
      write("app/__pycache__/main.pyc", "");
      write("app/deep/er/cache.pyc", "");
      write("docs/a.md", "");
      write("docs/keep.md", "");
      write("README.md", "");
    });
    const cases: [rules: string, left: string[]][] = [
      ["# a comment\n\ndocs\n", ["docs/a.md", "docs/keep.md"]],
      ["/docs/\n", ["docs/a.md", "docs/keep.md"]],
      ["docs\n!docs/keep.md\n", ["docs/a.md"]],
      ["!docs/keep.md\ndocs\n", ["docs/a.md", "docs/keep.md"]],
      // Unlike git, a pattern without a slash means the top only.
      ["*.pyc\n", []],
      ["**/*.pyc\n", ["app/__pycache__/main.pyc", "app/deep/er/cache.pyc"]],
      ["**/__pycache__\n", ["app/__pycache__/main.pyc"]],
      ["*.md\n!README.md\n", []],
      ["readme.md\n", []],
      ["R?ADME.md\n", ["README.md"]],
      ["*/keep.md\n", ["docs/keep.md"]],
    ];
    for (const [rules, left] of cases) {
      it(JSON.stringify(rules), () => {
        const all = paths();
        write(".dockerignore", rules);
        expect(paths()).to.deep.equal(
          [...all.filter((it) => !left.includes(it)), ".dockerignore"].toSorted(),
        );
      });
    }
    it("of the Dockerfile comes first", () => {
      write(".dockerignore", "docs\n");
      write("Dockerfile.dockerignore", "README.md\n");
      expect(paths()).to.include("docs/a.md").and.not.include("README.md");
    });
    it("keeps the hash when only a file that is left out changes", () => {
      write(".dockerignore", "docs\n");
      const before = hash();
      write("docs/a.md", "changed");
      expect(hash()).to.equal(before);
    });
  });

  describe("imageHash", () => {
    const image = () => ({ context, dockerfile: join(context, "Dockerfile") });

    it("changes with a build argument", () => {
      expect(imageHash({ ...image(), buildArgs: { A: "1" } })).not.to.equal(imageHash(image()));
    });
    it("changes with the platform", () => {
      expect(imageHash({ ...image(), platform: "linux/arm64" })).not.to.equal(imageHash(image()));
    });
    it("changes with the context", () => {
      const before = imageHash(image());
      write("app/main.py", "print(2)\n");
      expect(imageHash(image())).not.to.equal(before);
    });
  });
});

describe("releaseId", () => {
  const content: ReleaseContent = {
    image: "a".repeat(64),
    port: 8000,
    cpu: 256,
    memory: 512,
    env: { LOG_LEVEL: "INFO", MODE: "full" },
    secrets: { KEY: "arn:aws:ssm:eu-central-1:123456789012:parameter/key:1" },
    health: defaultHealth,
    drainSeconds: 20,
    stopTimeoutSeconds: 45,
    keepAliveSeconds: 75,
  };

  it("is short", () => {
    expect(releaseId(content)).to.match(/^[0-9a-f]{12}$/);
  });
  it("does not depend on the order in which keys are written", () => {
    const env = { MODE: "full", LOG_LEVEL: "INFO" };
    expect(releaseId({ ...content, env })).to.equal(releaseId(content));
  });

  it("does not depend on what is no part of a release", () => {
    const more = { ...content, tasks: { min: 2, max: 4 } };
    expect(releaseId(more)).to.equal(releaseId(content));
  });

  it("keeps its name where it calls nobody", () => {
    expect(releaseId(content)).to.equal("48308960099e");
    expect(releaseId({ ...content, endpoints: {} })).to.equal("48308960099e");
  });

  const changes: Partial<ReleaseContent>[] = [
    { image: "b".repeat(64) },
    { port: 8001 },
    { cpu: 512 },
    { memory: 1024 },
    { env: { ...content.env, LOG_LEVEL: "DEBUG" } },
    { env: { LOG_LEVEL: "INFO" } },
    { secrets: { KEY: "arn:aws:ssm:eu-central-1:123456789012:parameter/key:2" } },
    { health: { ...defaultHealth, thresholdPercent: 90 } },
    { drainSeconds: 10 },
    { stopTimeoutSeconds: 60 },
    { keepAliveSeconds: 80 },
    { endpoints: { insurance: "http://insurance:8000" } },
    { ephemeralStorageGib: 60 },
    { architecture: "arm64" },
  ];
  for (const change of changes) {
    it(`changes with ${JSON.stringify(change)}`, () => {
      expect(releaseId({ ...content, ...change })).not.to.equal(releaseId(content));
    });
  }
});
