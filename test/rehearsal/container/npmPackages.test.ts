import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { expect } from "chai";
import type { Image } from "../../../rehearsal/container/image.ts";
import { rejection, Workshop } from "./workshop.ts";

const described = { name: "app", version: "1.0.0", dependencies: { tinything: "1.0.0" } };

describe("a Node image's packages", function () {
  this.timeout(60_000);
  let shop: Workshop;
  let registry: TinyRegistry;

  beforeEach(async () => {
    shop = await Workshop.open();
    registry = await TinyRegistry.open(shop.folder);
    shop.write("main.js", 'console.log(require("tinything"), process.cwd());');
    shop.write("package.json", JSON.stringify(described));
    shop.write("package-lock.json", JSON.stringify(registry.lockOf(described)));
  });
  afterEach(async () => {
    await registry.close();
    await shop.close();
  });

  const head = ["FROM node:24", "WORKDIR /app", "COPY package*.json ./"];
  const lines = (...rest: string[]) => [...head, ...rest].join("\n");

  it("are installed by the lock file, and kept by its content", async () => {
    const dockerfile = lines("RUN npm ci --omit=dev", "COPY main.js .");
    const image = await shop.build(dockerfile);
    expect(run(image)).to.equal(`42 ${image.workdir}\n`);
    expect(image.notRehearsed).to.deep.equal([]);
    expect(registry.downloads).to.equal(1);
    expect(shop.progress.join("\n")).to.contain("installing the packages of package.json for Node");

    shop.write("main.js", 'console.log(require("tinything") + 1);');
    shop.progress.length = 0;
    expect(run(await shop.build(dockerfile))).to.equal("43\n");
    expect(shop.progress).to.deep.equal([]);

    // Packages that were removed from the cache are installed again.
    rmSync(join(shop.cacheDir, "node_modules"), { recursive: true });
    expect(run(await shop.build(dockerfile))).to.equal("43\n");
    expect(shop.progress).to.not.deep.equal([]);
  });

  it("travel with a copy to a later stage", async () => {
    const copies = [
      "COPY --from=build /app /app",
      "COPY --from=build /app/node_modules node_modules",
    ];
    for (const copy of copies) {
      const image = await shop.build(
        ["FROM node:24 AS build", ...head.slice(1), "COPY main.js .", "RUN cd /app && npm install"]
          .concat(
            "RUN npm prune --omit=dev",
            "FROM node:24",
            "WORKDIR /app",
            "COPY main.js .",
            copy,
          )
          .join("\n"),
      );
      expect(run(image)).to.match(/^42 /);
    }
  });

  it("are found by RUN --mount, and in a here-document", async () => {
    const image = await shop.build(
      [
        "FROM node:24",
        "WORKDIR /app",
        "COPY main.js .",
        "RUN --mount=type=bind,source=package.json,target=package.json \\",
        "  --mount=type=bind,source=package-lock.json,target=package-lock.json \\",
        "  --mount=type=cache,target=/root/.npm <<EOF",
        "set -e",
        "npm ci",
        "echo done",
        "EOF",
      ].join("\n"),
    );
    expect(run(image)).to.match(/^42 /);
    expect(image.notRehearsed).to.deep.equal([{ line: 4, text: "RUN echo done" }]);
  });

  it("need no npm where there are none", async () => {
    shop.write(
      "package.json",
      JSON.stringify({ name: "app", scripts: { postinstall: "touch x" } }),
    );
    const image = await shop.build(lines("RUN npm install"));
    expect(shop.progress).to.deep.equal([]);
    expect(image.notRehearsed).to.deep.equal([
      { line: 4, text: 'script "postinstall" of package.json: touch x' },
    ]);
  });

  it("are not the context's own", async () => {
    shop.write("node_modules/tinything/index.js", "module.exports = 'stale';");
    const image = await shop.build(lines("RUN npm ci", "COPY . ."));
    expect(run(image)).to.match(/^42 /);
    expect(image.notRehearsed).to.deep.equal([
      {
        line: 4,
        text: "files that are copied into /app/node_modules; name it in .dockerignore",
      },
    ]);
  });

  it("tell what npm says when it fails", async () => {
    const lock = JSON.stringify(registry.lockOf(described)).replace("thing.tgz", "thing2.tgz");
    shop.write("package-lock.json", lock);
    expect(await rejection(shop.build(lines("RUN npm ci")))).to.contain("E404");
  });

  const refusals: [string, object | string, string, string][] = [
    ["a package.json that is none", "{", "RUN npm ci", "no package.json that npm could read"],
    [
      "folders as packages",
      { dependencies: { lib: "file:../lib" } },
      "RUN npm ci",
      '"lib": "file:../lib"',
    ],
    ["workspaces", { workspaces: ["a"] }, "RUN npm install", "has workspaces"],
    [
      "npm ci without a lock file",
      described,
      "RUN rm x\nRUN cd /other && npm ci",
      "/other/package",
    ],
  ];
  for (const [what, content, instruction, expected] of refusals) {
    it(`refuse ${what}, and name the line`, async () => {
      const text = typeof content === "string" ? content : JSON.stringify(content);
      shop.write("package.json", text);
      const message = await rejection(
        shop.build(lines(`COPY package.json /other/\n${instruction}`)),
      );
      expect(message).to.match(/^Dockerfile line [56], "RUN /);
      expect(message).to.contain(expected);
    });
  }
});

/** Starts the image's main.js as its CMD would, with its PATH and nothing else. */
function run(image: Image): string {
  const { env, workdir: cwd } = image;
  return execFileSync("node", ["main.js"], { env, cwd, encoding: "utf8" });
}

/** A registry of one package, so that npm needs no network. */
class TinyRegistry {
  downloads = 0;
  readonly #server: Server;
  readonly #integrity: string;

  private constructor(archive: Buffer) {
    this.#integrity = `sha512-${createHash("sha512").update(archive).digest("base64")}`;
    this.#server = createServer(({ url }, response) => {
      this.downloads += 1;
      response.writeHead(url === "/tinything.tgz" ? 200 : 404).end(archive);
    });
  }

  static async open(folder: string): Promise<TinyRegistry> {
    const source = join(folder, "package");
    mkdirSync(source);
    writeFileSync(join(source, "package.json"), '{"name":"tinything","version":"1.0.0"}');
    // npm keeps what it has downloaded by its content: each registry's has to be its own.
    writeFileSync(join(source, "index.js"), `module.exports = 42; // ${folder}`);
    const file = join(folder, "tinything.tgz");
    execFileSync("tar", ["-czf", file, "-C", folder, "package"]);
    const registry = new TinyRegistry(readFileSync(file));
    await new Promise<void>((resolve) => registry.#server.listen(0, "127.0.0.1", resolve));
    return registry;
  }

  /** The lock file of a package that depends on the one here. */
  lockOf(root: { name: string; version: string; dependencies: Record<string, string> }): object {
    const address = this.#server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    return {
      name: root.name,
      version: root.version,
      lockfileVersion: 3,
      requires: true,
      packages: {
        "": root,
        "node_modules/tinything": {
          version: "1.0.0",
          resolved: `http://127.0.0.1:${port}/tinything.tgz`,
          integrity: this.#integrity,
        },
      },
    };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
