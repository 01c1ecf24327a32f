import { expect } from "chai";
import { imagePlaceholder } from "../../components/gcp/deliveryManifest.ts";
import { runServiceArgs } from "../../components/gcp/runServiceArgs.ts";
import { instanceProbes } from "../../components/healthChecks.ts";
import { defaultHealth } from "../../components/healthSpec.ts";
import { createDelivery, deliveryArgs } from "../components/gcp/support/createDelivery.ts";
import { only } from "../support/mocks.ts";

const health = { ...defaultHealth, retries: 4, intervalSeconds: 20 };

/** The manifest of a service that is declared as the target declares it. */
async function manifestOf(path: string): Promise<unknown> {
  const { service } = deliveryArgs();
  const declared = runServiceArgs({
    serviceName: service.name,
    project: "p",
    location: "europe-west1",
    release: "0123456789ab",
    image: `r/platform@sha256:${"0".repeat(64)}`,
    port: 8000,
    cpu: 512,
    memory: 512,
    environment: { LOG_LEVEL: "INFO" },
    secrets: { TOKEN: "projects/p/secrets/token/versions/3" },
    probes: instanceProbes(health, path),
    serviceAccount: "run@p.iam.gserviceaccount.com",
    instances: { min: 0, max: 4 },
    concurrency: 80,
    cpuAlwaysAllocated: false,
    cpuBoost: true,
    sessionAffinity: false,
    requestTimeoutSeconds: 300,
    ingress: "all",
    network: { network: "n", subnetwork: "s", egress: "privateRanges" },
    deletionProtection: false,
    labels: { project: "symphainy" },
  });
  const recording = await createDelivery({ service: { ...service, path, declared }, health });
  const { content } = only(recording, "gcp:storage/bucketObject:BucketObject").inputs;
  return JSON.parse(String(content));
}

describe("a release of Cloud Deploy", () => {
  for (const path of ["/", "/api"]) {
    it(`is probed as the health contract says, below ${path}`, async () => {
      const { path: probed, startup, liveness, readiness } = instanceProbes(health, path);
      const httpGet = { path: probed, port: 8000 };
      expect(await manifestOf(path))
        .to.have.nested.property("spec.template.spec.containers[0]")
        .that.deep.includes({
          image: imagePlaceholder,
          startupProbe: { ...startup, httpGet },
          livenessProbe: { ...liveness, httpGet },
          readinessProbe: { ...readiness, httpGet },
        });
    });
  }

  it("has everything that the target declares of a service", async () => {
    const manifest = await manifestOf("/");
    expect(manifest).to.have.nested.property(
      "spec.template.metadata.annotations.run\\.googleapis\\.com/network-interfaces",
    );
    expect(manifest).to.have.nested.property("spec.template.spec.serviceAccountName");
  });
});
