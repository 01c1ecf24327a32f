import { expect } from "chai";
import { readRunCommands } from "../../../rehearsal/container/runCommands.ts";

const read = (content: string) => readRunCommands({ content, words: content.split(" ") });

describe("readRunCommands", () => {
  const shapes: [string, string, string[], string[]][] = [
    ["pip install -r requirements.txt", "pip", ["requirements.txt"], []],
    ["pip3 install --no-cache-dir --requirement=a.txt -r b.txt", "pip3", ["a.txt", "b.txt"], []],
    ["python -m pip install -ra.txt --require-hashes", "python", ["a.txt"], ["--require-hashes"]],
    [
      "PIP_X=1 /opt/venv/bin/pip install -q -i https://x/simple -r a.txt",
      "/opt/venv/bin/pip",
      ["a.txt"],
      ["-i", "https://x/simple"],
    ],
    [". /opt/venv/bin/activate && pip install -r a.txt", "/opt/venv/bin/pip", ["a.txt"], []],
    ["pip install --only-binary :all: -r a.txt", "pip", ["a.txt"], ["--only-binary", ":all:"]],
  ];
  for (const [text, python, requirements, options] of shapes) {
    it(`reads "${text}"`, () => {
      expect(read(text)).to.deep.equal([{ kind: "install", python, requirements, options }]);
    });
  }

  it("tells environments, installations and the rest apart", () => {
    const text = "set -e; python3 -m venv --copies /v && /v/bin/pip install -U pip && useradd app";
    expect(read(text)).to.deep.equal([
      { kind: "venv", directory: "/v" },
      { kind: "other", text: "/v/bin/pip install -U pip" },
      { kind: "other", text: "useradd app" },
    ]);
  });

  it("refuses packages in places where it cannot follow", () => {
    const [command] = read("pip install --prefix=/x -r a.txt");
    expect(command).to.deep.equal({ kind: "refused", option: "--prefix" });
  });

  it("lists packages that are named on the command line", () => {
    expect(read("pip install -r a.txt gunicorn -e . && pip install flask")).to.deep.equal([
      { kind: "install", python: "pip", requirements: ["a.txt"], options: [] },
      { kind: "other", text: "pip install gunicorn -e ." },
      { kind: "other", text: "pip install flask" },
    ]);
  });

  it("reads the exec form and here-documents", () => {
    const install = { kind: "install", python: "pip", requirements: ["a.txt"], options: [] };
    expect(read('["pip", "install", "-r", "a.txt"]')).to.deep.equal([install]);
    const content = "<<-'END'\n  cd /x\n  # pip install -r b.txt\n  pip install -r a.txt\nEND";
    expect(readRunCommands({ content, words: [] })).to.deep.equal([
      { kind: "cd", directory: "/x" },
      install,
    ]);
  });

  const npm = { kind: "npm", command: "ci", options: [], directory: undefined, nodeEnv: undefined };
  const npmShapes: [string, object][] = [
    ["npm ci", npm],
    ["npm clean-install --no-audit --loglevel error", npm],
    [
      "npm i --omit dev --legacy-peer-deps",
      { ...npm, command: "install", options: ["--omit=dev", "--legacy-peer-deps"] },
    ],
    ["NODE_ENV=production npm ci", { ...npm, nodeEnv: "production" }],
    ["npm --prefix web ci", { ...npm, directory: "web" }],
    ["npm prune --omit=dev", { kind: "npmPrune", options: ["--omit=dev"], directory: undefined }],
    ...["npm install express", "npm i -g pm2", "npm run build", "npm ci -w a", "yarn install"].map(
      (text): [string, object] => [text, { kind: "other", text }],
    ),
  ];
  for (const [text, expected] of npmShapes) {
    it(`reads "${text}"`, () => {
      expect(read(text)).to.deep.equal([expected]);
    });
  }
});
