/**
 * The least of a Node language host: starts the program as the one that comes with the Pulumi CLI does, with the
 * SDK's own `cmd/run`. It stands in for `pulumi-language-nodejs`, which can't be had from a package registry.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import grpc from "@grpc/grpc-js";
import service from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type { RunPluginRequest, RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import messages from "@pulumi/pulumi/proto/language_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";

const engine = process.argv.at(-1) ?? "";
const sdk = path.dirname(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));

const server = new grpc.Server();
server.addService(service.LanguageRuntimeService, {
  handshake: answer(() => new messages.LanguageHandshakeResponse()),
  getPluginInfo: answer(() => new pluginMessages.PluginInfo()),
  getRequiredPlugins: answer(() => new messages.GetRequiredPluginsResponse()),
  getRequiredPackages: answer(() => new messages.GetRequiredPackagesResponse()),
  getProgramDependencies: answer(() => new messages.GetProgramDependenciesResponse()),
  about: answer(() => new messages.AboutResponse()),
  cancel: answer(() => new messages.LanguageHandshakeResponse()),
  run: (call: { request: RunRequest }, done: (error: null, response: object) => void) =>
    void carryOut(call.request, done),
  runPlugin,
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});

function answer(make: () => object) {
  return (_: unknown, done: (error: null, response: object) => void) => done(null, make());
}

async function carryOut(request: RunRequest, done: (error: null, response: object) => void) {
  done(null, await run(request));
}

async function run(request: RunRequest) {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? request.getPwd();
  const options = info?.getOptions()?.toJavaScript() ?? {};
  const args = [
    path.join(sdk, "cmd/run"),
    `--monitor=${request.getMonitorAddress()}`,
    `--engine=${engine}`,
    `--project=${request.getProject()}`,
    `--stack=${request.getStack()}`,
    `--pwd=${request.getPwd()}`,
    `--root-directory=${info?.getRootDirectory() ?? directory}`,
    ...(request.getDryrun() ? ["--dry-run"] : []),
    path.join(directory, info?.getEntryPoint() ?? "."),
  ];
  const config: Record<string, string> = {};
  request.getConfigMap().forEach((value, key) => {
    config[key] = value;
  });
  const child = spawn("node", args, {
    cwd: directory,
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      // The default of the CLI's own host, unless the project file says otherwise.
      PULUMI_NODEJS_TYPESCRIPT: options.typescript === false ? "false" : "true",
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const response = new messages.RunResponse();
  if (code === 32) response.setBail(true);
  else if (code !== 0) response.setError(`the program ended with exit code ${code}`);
  return response;
}

/** The engine asks for this to start a policy pack; a provider with an executable of its own needs no help. */
function runPlugin(call: grpc.ServerWritableStream<RunPluginRequest, object>): void {
  const { request } = call;
  const directory = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const args = [path.join(sdk, "cmd/run-policy-pack"), ...request.getArgsList(), directory];
  const child = spawn("node", args, { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.on("data", (data: Buffer) => {
    call.write(new messages.RunPluginResponse().setStdout(data));
  });
  child.stderr.on("data", (data: Buffer) => {
    call.write(new messages.RunPluginResponse().setStderr(data));
  });
  child.on("close", (code) => {
    call.write(new messages.RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  });
  call.on("cancelled", () => child.kill());
}
