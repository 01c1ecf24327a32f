/** A run's owner, for tests that kill it: starts a listening process whose grandchild sits in a group of its own. */
import { openProcesses } from "../../../rehearsal/processes/supervisor.ts";

const grandchild = `setInterval(() => {}, 1000); process.on("SIGTERM", () => {});`;
const child = `
  const { spawn } = require("node:child_process");
  const grandchild = spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], { detached: true, stdio: "ignore" });
  const server = require("node:net").createServer().listen(0, "127.0.0.1", () => {
    console.log(JSON.stringify({ port: server.address().port, pids: [process.pid, grandchild.pid] }));
  });
`;

const processes = await openProcesses({ runDir: process.argv[2] ?? "" });
const directory = processes.temporaryDirectory("symphainy-test");
const server = processes.spawn({
  name: "server",
  command: process.execPath,
  args: ["-e", child],
  env: { PATH: process.env.PATH ?? "" },
});
server.onLine((line) => console.log(JSON.stringify({ ...JSON.parse(line), directory })));
