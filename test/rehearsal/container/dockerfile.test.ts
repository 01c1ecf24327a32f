import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { rejection, Workshop } from "./workshop.ts";

describe("a Dockerfile's instructions", function () {
  this.timeout(60_000);
  let shop: Workshop;

  beforeEach(async () => {
    shop = await Workshop.open();
  });
  afterEach(() => shop.close());

  it("lists what it does not do, by line", async () => {
    shop.write("a", "");
    const image = await shop.build(
      [
        "FROM node:18-alpine",
        "MAINTAINER somebody",
        "LABEL a=b",
        "RUN --network=none --mount=type=secret,id=key apk add curl",
        "COPY --chown=node:node a /a",
        "ADD --chown=1 --link a /b",
        "USER node",
        "VOLUME /data /more",
        'VOLUME ["/list"]',
        "ONBUILD RUN make",
        "HEALTHCHECK --start-interval=1s CMD curl -f localhost || exit 1",
        "RUN npm install -g pm2 && yarn install; npm run build",
        "RUN pip install -r requirements.txt",
      ].join("\n"),
    );
    const [first, ...rest] = image.notRehearsed;
    expect(first?.line).to.equal(1);
    expect(first?.text).to.match(/^FROM node:18: this machine's Node \d+\.\d+\.\d+ stands for it$/);
    expect(rest.map(({ line, text }) => `${line}: ${text}`)).to.deep.equal([
      "1: FROM node:18-alpine: this machine's C library and shell stand for Alpine's",
      "4: RUN --network=none",
      "4: RUN --mount=type=secret,id=key",
      "4: RUN apk add curl",
      "5: COPY --chown=node:node",
      "6: ADD --chown=1",
      "7: USER node: it runs as the user who rehearses",
      "8: VOLUME /data: a folder of the image, for all tasks",
      "8: VOLUME /more: a folder of the image, for all tasks",
      "9: VOLUME /list: a folder of the image, for all tasks",
      "10: ONBUILD RUN make",
      "11: HEALTHCHECK: curl is this machine's; the image may have none",
      "11: HEALTHCHECK --start-interval=1s",
      "12: RUN npm install -g pm2",
      "12: RUN yarn install",
      "12: RUN npm run build",
      "13: RUN pip install -r requirements.txt",
    ]);
  });

  it("takes COPY's files by ADD, and refuses what ADD would unpack", async () => {
    shop.write("folder/a", "1");
    const image = await shop.build("FROM python:3\nADD folder /data/\nADD --chmod=600 folder/a /b");
    expect(readFileSync(join(image.root, "data/a"), "utf8")).to.equal("1");
    execFileSync("tar", ["-cf", join(shop.context, "plain"), "-C", shop.context, "folder"]);
    execFileSync("tar", ["-czf", join(shop.context, "zipped"), "-C", shop.context, "folder"]);
    for (const name of ["plain", "zipped"]) {
      expect(await rejection(shop.build(`FROM python:3\nADD ${name} /x`))).to.contain(
        `line 2, "ADD ${name} /x": "${name}" is not unpacked`,
      );
    }
  });

  it("starts commands in shell form with the shell of SHELL", async () => {
    const image = await shop.build(
      'FROM python:3\nSHELL ["/bin/bash", "-ec"]\nCMD echo a\nHEALTHCHECK CMD echo b',
    );
    expect(image.cmd).to.deep.equal(["/bin/bash", "-ec", "echo a"]);
    expect(image.healthcheck?.test).to.deep.equal(["CMD", "/bin/bash", "-ec", "echo b"]);
  });

  it("reads HEALTHCHECK in its forms", async () => {
    const test = async (form: string) =>
      (await shop.build(`FROM python:3\nHEALTHCHECK CMD true\nHEALTHCHECK ${form}`)).healthcheck
        ?.test;
    expect(await test("NONE")).to.equal(undefined);
    expect(await test("none")).to.equal(undefined);
    expect(await test('CMD ["a", "b c"]')).to.deep.equal(["CMD", "a", "b c"]);
    expect(await test("CMD a 'b c' || exit 1")).to.deep.equal(["CMD-SHELL", "a 'b c' || exit 1"]);
    expect(await test('CMD ["broken"')).to.deep.equal(["CMD-SHELL", '["broken"']);
  });

  it("joins ENTRYPOINT and CMD as Docker does", async () => {
    const commands: [string, string[]][] = [
      ['CMD ["a"]', ["a"]],
      ['ENTRYPOINT ["e"]', ["e"]],
      ['ENTRYPOINT ["e"]\nCMD ["a", "b"]', ["e", "a", "b"]],
      ['CMD ["a"]\nENTRYPOINT ["e"]', ["e", "a"]],
      ['ENTRYPOINT ["e"]\nCMD a b', ["e", "/bin/sh", "-c", "a b"]],
      ["ENTRYPOINT e $A", ["/bin/sh", "-c", "e $A"]],
      ['CMD ["a"]\nFROM base\nENTRYPOINT ["e"]', ["e"]],
      ['ENTRYPOINT ["e"]\nFROM base\nCMD ["a"]', ["e", "a"]],
    ];
    for (const [lines, expected] of commands) {
      const { entrypoint, cmd } = await shop.build(`FROM python:3 AS base\n${lines}`);
      expect([...entrypoint, ...cmd], lines).to.deep.equal(expected);
    }
    const node = await shop.build("FROM node:24");
    expect([...node.entrypoint, ...node.cmd]).to.deep.equal(["docker-entrypoint.sh", "node"]);
  });

  it("expands ARG, and knows those that a builder sets", async () => {
    const image = await shop.build(
      'FROM python:3\nARG A="x y"\nARG B=$A-z\nARG TARGETOS\nENV C="$A" D=$B OS=$TARGETOS',
    );
    expect(image.env).to.include({ C: "x y", D: "x y-z", OS: "linux" });
  });

  const bases: [string, boolean][] = [
    ["python:3.12-slim", true],
    ["python", true],
    ["node:lts-alpine", true],
    ["docker.io/library/node:24", true],
    ["public.ecr.aws/docker/library/python:3.12", true],
    ["mirror.example.com:5000/python:3.12", true],
    [`python:3.12@sha256:${"0".repeat(64)}`, true],
    ["alpine:3.20", false],
    ["scratch", false],
    ["debian:12-slim", false],
    ["gcr.io/distroless/python3-debian12", false],
    ["gcr.io/distroless/python3", false],
    ["public.ecr.aws/lambda/python:3.12", false],
    ["bitnami/node:24", false],
    ["golang:1.25", false],
  ];
  for (const [image, known] of bases) {
    it(`${known ? "knows" : "refuses"} FROM ${image}`, async () => {
      const message = await rejection(shop.build(`\nFROM ${image}`));
      expect(message).to.contain(
        known ? "resolved" : `line 2, "FROM ${image}": the rehearsal has nothing that stands for`,
      );
      if (!known) expect(message).to.contain("FROM python:<version> and FROM node:<version>");
    });
  }

  it("builds a Python image from a Node stage's files, and says which RUN would have made others", async () => {
    shop.write("web/index.html", "<html>");
    const lines = [
      "FROM node:24 AS web",
      "WORKDIR /web",
      "COPY web .",
      "RUN npx vite build",
      "FROM python:3",
      "COPY --from=web /web/index.html /static/",
    ];
    const image = await shop.build(lines.join("\n"));
    expect(readFileSync(join(image.root, "static/index.html"), "utf8")).to.equal("<html>");
    expect(existsSync(join(image.root, ".node"))).to.equal(false);
    expect(image.notRehearsed).to.deep.include({ line: 4, text: "RUN npx vite build" });
    const message = await rejection(
      shop.build([...lines, "COPY --from=web /web/dist /static"].join("\n")),
    );
    expect(message).to.contain('line 7, "COPY /web/dist /static": "/web/dist"');
    expect(message).to.contain("does not carry out RUN npx vite build (line 4)");
  });

  const refusals: [string, string, string][] = [
    ["ADD from the web", "ADD https://example.com/x /x", '"https://example.com/x" is not'],
    ["ADD of a repository", "ADD git@example.com:a.git /x", "is not downloaded"],
    ["a symbolic mode", "COPY --chmod=u+x Dockerfile /x", "--chmod=u+x is not supported"],
    ["COPY --exclude", "COPY --exclude=*.md . /x", "--exclude=*.md is not supported"],
    ["a mount from nowhere", "RUN --mount=type=bind,from=x,target=/a true", '"x" is no stage'],
    ["SHELL without a list", "SHELL bash", "SHELL needs a list"],
    ["a Python environment for Node", "FROM node:24\nCOPY --from=py /v /v", "needs a Python"],
  ];
  for (const [what, lines, expected] of refusals) {
    it(`refuses ${what} and names the line`, async () => {
      const message = await rejection(
        shop.build(`FROM python:3 AS py\nRUN python -m venv /v\n${lines}`),
      );
      expect(message).to.match(/^Dockerfile line [34], /);
      expect(message).to.contain(expected);
    });
  }
});
