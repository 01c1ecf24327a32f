import { expect } from "chai";
import { type RunServiceSpec, runServiceArgs } from "../../../components/gcp/runServiceArgs.ts";
import { instanceProbes } from "../../../components/healthChecks.ts";
import { defaultHealth } from "../../../components/healthSpec.ts";
import { declarationId } from "../../../components/release.ts";

const spec: RunServiceSpec = {
  serviceName: "symphainy-test-platform",
  project: "my-project",
  location: "europe-west1",
  release: "",
  image: "registry.example/platform@sha256:b",
  port: 8000,
  cpu: 1024,
  memory: 512,
  environment: { B: "2", A: "1" },
  secrets: {},
  probes: instanceProbes(defaultHealth, "/"),
  serviceAccount: "platform",
  instances: { min: 0, max: 3 },
  concurrency: 80,
  cpuAlwaysAllocated: false,
  cpuBoost: true,
  sessionAffinity: false,
  requestTimeoutSeconds: 300,
  ingress: "all",
  deletionProtection: false,
  labels: { stack: "test" },
};

interface Template {
  template: { containers: Record<string, unknown>[]; [key: string]: unknown };
}

function templateOf(changes: Partial<RunServiceSpec> = {}) {
  const { template }: Template = JSON.parse(
    JSON.stringify(runServiceArgs({ ...spec, ...changes })),
  );
  const [container = {}] = template.containers;
  return { template, container };
}

describe("runServiceArgs", () => {
  it("writes sizes as Cloud Run does", () => {
    const limits = (cpu: number, memory: number) => {
      const { resources } = templateOf({ cpu, memory }).container;
      return Reflect.get(Object(resources), "limits");
    };
    expect(limits(1024, 512)).to.deep.equal({ cpu: "1", memory: "512Mi" });
    expect(limits(512, 1024)).to.deep.equal({ cpu: "500m", memory: "1024Mi" });
    expect(limits(8192, 32768)).to.deep.equal({ cpu: "8", memory: "32768Mi" });
  });

  it("names secrets as Cloud Run finds them, by version", () => {
    const { container } = templateOf({
      secrets: {
        TOKEN: "projects/my-project/secrets/token/versions/3",
        KEY: "projects/other/secrets/key",
      },
    });
    const secrets = (container.envs as { name: string }[]).slice(2);
    expect(secrets).to.deep.equal([
      {
        name: "KEY",
        valueSource: { secretKeyRef: { secret: "projects/other/secrets/key", version: "latest" } },
      },
      { name: "TOKEN", valueSource: { secretKeyRef: { secret: "token", version: "3" } } },
    ]);
  });

  it("has a foot in the network that it is told, and in none otherwise", () => {
    const network = { network: "vpc", subnetwork: "apps", egress: "all" } as const;
    expect(templateOf({ network }).template.vpcAccess).to.deep.equal({
      egress: "ALL_TRAFFIC",
      networkInterfaces: [{ network: "vpc", subnetwork: "apps" }],
    });
    expect(templateOf().template).not.to.have.property("vpcAccess");
  });

  it("leaves the names of revisions to Cloud Run, and labels them with their release", () => {
    const { template } = templateOf({ release: "0123456789ab" });
    expect(template).not.to.have.property("revision");
    expect(template.labels).to.deep.equal({ stack: "test", release: "0123456789ab" });
  });

  it("says what the provider would decide otherwise", () => {
    expect(runServiceArgs(spec)).to.include({
      deletionProtection: false,
      ingress: "INGRESS_TRAFFIC_ALL",
    });
    expect(templateOf().container.resources).to.include({ cpuIdle: true });
  });

  it("is another release whatever is changed about it", () => {
    const changes: Partial<RunServiceSpec>[] = [
      { image: "registry.example/platform@sha256:c" },
      { port: 8001 },
      { cpu: 2048 },
      { memory: 1024 },
      { environment: { A: "1" } },
      { secrets: { TOKEN: "projects/p/secrets/token" } },
      { probes: instanceProbes({ ...defaultHealth, retries: 5 }, "/") },
      { serviceAccount: "another" },
      { instances: { min: 1, max: 3 } },
      { instances: { min: 0, max: 4 } },
      { concurrency: 1 },
      { cpuAlwaysAllocated: true },
      { cpuBoost: false },
      { sessionAffinity: true },
      { requestTimeoutSeconds: 60 },
      { ingress: "internal" },
      { network: { network: "vpc", subnetwork: "apps", egress: "all" } },
      { deletionProtection: true },
      { labels: { stack: "other" } },
    ];
    const ids = [{}, ...changes].map((change) =>
      declarationId(runServiceArgs({ ...spec, ...change })),
    );
    expect(new Set(ids).size).to.equal(ids.length);
    for (const id of ids) expect(id).to.match(/^[0-9a-f]{12}$/);
  });

  it("is the same release in whatever order its variables are written", () => {
    const [one, two] = [{ A: "1", B: "2" }, spec.environment].map((environment) =>
      declarationId(runServiceArgs({ ...spec, environment })),
    );
    expect(one).to.equal(two);
  });
});
