import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { rejection, Workshop } from "./workshop.ts";

describe("buildImage", function () {
  this.timeout(60_000);
  let shop: Workshop;

  beforeEach(async () => {
    shop = await Workshop.open();
  });
  afterEach(() => shop.close());

  it("copies the context as .dockerignore leaves it", async () => {
    shop.write(".dockerignore", "**/*.pyc\ntests/*\n!tests/keep\nDockerfile\n");
    shop.write("app/main.py", "print(1)");
    shop.write("app/main.pyc", "");
    shop.write("app/run.sh", "", 0o755);
    shop.write("tests/keep/a.py", "");
    shop.write("tests/drop.py", "");
    const image = await shop.build("FROM python:3\nWORKDIR /srv\nCOPY . .\n");
    const files = readdirSync(image.workdir, { recursive: true, encoding: "utf8" });
    expect(files).to.have.members([
      ".dockerignore",
      "app",
      "app/main.py",
      "app/run.sh",
      "tests",
      "tests/keep",
      "tests/keep/a.py",
    ]);
    expect(statSync(join(image.workdir, "app/run.sh")).mode & 0o777).to.equal(0o755);
  });

  it("copies files, folders and patterns to where COPY puts them", async () => {
    shop.write("a.txt", "a");
    shop.write("b.txt", "b");
    shop.write("folder/c.txt", "c");
    const image = await shop.build(
      [
        "FROM python:3",
        "WORKDIR /app",
        "COPY a.txt renamed",
        "COPY a.txt into/",
        "COPY *.txt /all/",
        "COPY folder /content",
        'COPY --chmod=700 ["a.txt", "with space.txt"]',
      ].join("\n"),
    );
    const read = (path: string) => readFileSync(join(image.root, path), "utf8");
    expect(read("app/renamed")).to.equal("a");
    expect(read("app/into/a.txt")).to.equal("a");
    expect(read("all/a.txt") + read("all/b.txt")).to.equal("ab");
    expect(read("content/c.txt")).to.equal("c");
    expect(statSync(join(image.root, "app/with space.txt")).mode & 0o777).to.equal(0o700);
  });

  it("rewrites paths that lie in the image, and no others", async () => {
    shop.write("x/y.py", "");
    const image = await shop.build(
      [
        "FROM python:3",
        "WORKDIR /app",
        "COPY x ./x",
        "ENV PYTHONPATH=/app/x:/app/later CERTS=/etc/ssl/certs URL=http://a/app/x REL=app/x",
        'CMD ["python", "/app/x/y.py", "--log=/app/log", "/bin/echo"]',
        "HEALTHCHECK CMD cd /app && test -d '/app/x' > /dev/null",
      ].join("\n"),
    );
    const root = image.root;
    expect(image.env).to.include({
      PYTHONPATH: `${root}/app/x:${root}/app/later`,
      CERTS: "/etc/ssl/certs",
      URL: "http://a/app/x",
      REL: "app/x",
    });
    expect(image.cmd).to.deep.equal([
      "python",
      `${root}/app/x/y.py`,
      `--log=${root}/app/log`,
      "/bin/echo",
    ]);
    expect(image.healthCommand).to.deep.equal([
      "CMD-SHELL",
      "cd /app && test -d '/app/x' > /dev/null",
    ]);
    expect(image.healthcheck?.test).to.deep.equal([
      "CMD-SHELL",
      `cd ${root}/app && test -d '${root}/app/x' > /dev/null`,
    ]);
  });

  it("reads what the Dockerfile says of running it", async () => {
    const image = await shop.build(
      [
        "ARG VERSION=3",
        "FROM --platform=linux/amd64 docker.io/library/python:${VERSION} AS base",
        "ARG NAME=default",
        "ENV A=1 B='$A' C=\"two words\" D=${NAME}",
        "ENV A=2 E=${A}x${MISSING:-y}",
        "EXPOSE 8000 9000/tcp",
        "USER app",
        "STOPSIGNAL 2",
        "LABEL a=b",
        "FROM base",
        'ENTRYPOINT ["python", "-m"]',
        'CMD ["http.server"]',
        'HEALTHCHECK --interval=1m30s --timeout=500ms --start-period=5s --retries=2 CMD ["true"]',
      ].join("\n"),
      { buildArgs: { NAME: "given" } },
    );
    expect(image.env).to.include({ A: "2", B: "$A", C: "two words", D: "given", E: "1xy" });
    expect(image.exposedPorts).to.deep.equal([8000, 9000]);
    expect(image.user).to.equal("app");
    expect(image.stopSignal).to.equal("SIGINT");
    expect(image.entrypoint).to.deep.equal(["python", "-m"]);
    expect(image.cmd).to.deep.equal(["http.server"]);
    expect(image.healthcheck).to.deep.equal({
      test: ["CMD", "true"],
      intervalSeconds: 90,
      timeoutSeconds: 0.5,
      startPeriodSeconds: 5,
      retries: 2,
    });
  });

  it("installs requirements into a virtual environment that a later stage copies", async () => {
    makeWheel(shop.folder);
    shop.write("requirements.txt", "-r deep/base.txt\n");
    shop.write("deep/base.txt", `--no-index\n--find-links ${shop.folder}\ntinything==1.0\n`);
    const dockerfile = [
      "FROM python:3 AS build",
      "COPY . /build/",
      "WORKDIR /build",
      "RUN apt-get update && apt-get install -y gcc && \\",
      "  python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir -r requirements.txt",
      "FROM python:3",
      "COPY --from=build /opt/venv /opt/venv",
      "ENV PATH=/opt/venv/bin:$PATH",
    ].join("\n");
    const image = await shop.build(dockerfile);
    const python = join(image.root, "opt/venv/bin/python");
    const print = "import tinything; print(tinything.answer)";
    expect(execFileSync(python, ["-c", print], { encoding: "utf8" })).to.equal("42\n");
    expect(run(image.env, print)).to.equal("42\n");
    expect(lstatSync(join(image.root, "opt/venv")).isSymbolicLink()).to.equal(true);
    expect(image.notRehearsed.filter(({ line }) => line === 4)).to.deep.equal([
      { line: 4, text: "RUN apt-get update" },
      { line: 4, text: "RUN apt-get install -y gcc" },
    ]);

    // The same requirements in another image: nothing is installed again.
    shop.progress.length = 0;
    const system = await shop.build(
      "FROM python:3\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n",
    );
    expect(run(system.env, print)).to.equal("42\n");
    shop.progress.length = 0;
    await shop.build(
      "FROM python:3\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n#\n",
    );
    expect(shop.progress).to.deep.equal([]);

    // An environment that was removed from the cache is made again.
    rmSync(join(shop.cacheDir, "venvs"), { recursive: true });
    const again = await shop.build(dockerfile);
    expect(run(again.env, print)).to.equal("42\n");
  });

  it("tells what pip says when it fails", async () => {
    shop.write("requirements.txt", "--no-index\nno-such-thing==1\n");
    const message = await rejection(
      shop.build("FROM python:3\nCOPY . /\nRUN pip install -r /requirements.txt\n"),
    );
    expect(message).to.contain("no-such-thing");
  });

  it("gives the same digest for the same files, another for any change", async () => {
    shop.write("a", "1");
    const dockerfile = "FROM python:3\nCOPY a /a\nARG X\n";
    const first = await shop.build(dockerfile);
    expect(first.digest).to.match(/^sha256:[0-9a-f]{64}$/);
    expect(await shop.build(dockerfile)).to.deep.equal(first);
    const withArg = await shop.build(dockerfile, { buildArgs: { X: "1" } });
    shop.write("a", "2");
    const changed = await shop.build(dockerfile);
    const comment = await shop.build(`${dockerfile}# changed\n`);
    const digests = [first, withArg, changed, comment].map(({ digest }) => digest);
    expect(new Set(digests).size).to.equal(4);
    expect(readFileSync(join(first.root, "a"), "utf8")).to.equal("1");
    expect(
      readdirSync(join(shop.cacheDir, "images")).filter((name) => name.startsWith(".")),
    ).to.deep.equal([]);
  });

  it("lets several builds of one image run at the same time", async () => {
    shop.write("a", "1");
    const images = await Promise.all([1, 2, 3].map(() => shop.build("FROM python:3\nCOPY a /a\n")));
    expect(new Set(images.map(({ root }) => root)).size).to.equal(1);
    expect(existsSync(join(images[0]?.root ?? "", "a"))).to.equal(true);
  });

  it("builds only the stages that it needs", async () => {
    const dockerfile =
      "FROM node:24 AS web\nADD a b\nFROM python:3 AS app\nFROM python:3\nADD a b\n";
    expect((await shop.build(dockerfile, { target: "app" })).cmd).to.deep.equal(["python3"]);
  });

  const refusals: [string, string, string][] = [
    ["ADD", "FROM python:3\nADD a /a", 'line 2, "ADD a /a"'],
    ["an unknown instruction", "FROM python:3\n\nFOO a", 'line 3, "FOO a"'],
    [
      "a file that is not there",
      "FROM python:3\nCOPY nowhere /",
      'line 2, "COPY nowhere /": "nowhere"',
    ],
    ["a path out of the context", "FROM python:3\nCOPY ../x /", "outside the build context"],
    ["another image's files", "FROM python:3\nCOPY --from=uv /uv /", '"uv" is no stage'],
    ["pip --user", "FROM python:3\nRUN pip install --user -r r.txt", "option --user"],
    ["a missing requirements file", "FROM python:3\nRUN pip install -r r.txt", '"/r.txt" is not'],
    ["a here-document", "FROM python:3\nCOPY <<EOF /a\nx\nEOF", "here-document"],
    ["an unknown signal", "FROM python:3\nSTOPSIGNAL SIGFOO", '"SIGFOO"'],
    ["a wrong duration", "FROM python:3\nHEALTHCHECK --interval=5 CMD true", '"5" is no duration'],
    ["no FROM", "ARG A=1", "no FROM"],
  ];
  for (const [what, dockerfile, expected] of refusals) {
    it(`refuses ${what} and names the line`, async () => {
      expect(await rejection(shop.build(dockerfile))).to.contain(expected);
    });
  }
});

function run(env: Record<string, string>, script: string): string {
  return execFileSync("python", ["-c", script], { env, encoding: "utf8" });
}

/** A package of one line, so that pip needs no network. */
function makeWheel(folder: string): void {
  const script = `
import sys, zipfile
info = "tinything-1.0.dist-info/"
with zipfile.ZipFile(sys.argv[1] + "/tinything-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("tinything.py", "answer = 42\\n")
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: tinything\\nVersion: 1.0\\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "RECORD", "")
`;
  execFileSync("python3", ["-c", script, folder]);
}
