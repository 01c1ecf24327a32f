import { expect } from "chai";
import type {
  DeliveredService,
  DeliveredTemplate,
} from "../../../components/gcp/deliveredService.ts";
import { deliveryManifest } from "../../../components/gcp/deliveryManifest.ts";
import { deliveredTemplate } from "./support/deliveredTemplate.ts";

const service: DeliveredService = {
  name: "symphainy-test-platform",
  project: "p",
  location: "europe-west1",
  deletionProtection: false,
  ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
  labels: { project: "symphainy" },
  template: deliveredTemplate,
};

const manifest = (template: Partial<DeliveredTemplate> = {}) =>
  deliveryManifest({ ...service, template: { ...deliveredTemplate, ...template } });
const [container] = deliveredTemplate.containers ?? [];
if (!container) throw new Error("the template has no container");
const manifestWith = (changes: Partial<typeof container>) =>
  manifest({ containers: [{ ...container, ...changes }] });

describe("deliveryManifest", () => {
  it("names the service and leaves its traffic to Cloud Deploy", () => {
    const { apiVersion, kind, metadata, spec } = manifest();
    expect({ apiVersion, kind }).to.deep.equal({
      apiVersion: "serving.knative.dev/v1",
      kind: "Service",
    });
    expect(metadata).to.deep.equal({
      name: "symphainy-test-platform",
      labels: { project: "symphainy" },
      annotations: { "run.googleapis.com/ingress": "internal-and-cloud-load-balancing" },
    });
    expect(spec).to.have.all.keys("template");
    expect(spec.template.metadata).not.to.have.property("name");
  });

  it("has the very probes of the service", () => {
    const [made] = manifest().spec.template.spec.containers;
    expect(made?.startupProbe).to.deep.equal(container.startupProbe);
    expect(made?.livenessProbe).to.deep.equal(container.livenessProbe);
    expect(made?.readinessProbe).to.deep.equal(container.readinessProbe);
  });

  it("leaves the image and the release open", () => {
    const { metadata, spec } = manifest().spec.template;
    expect(spec.containers[0]).to.include({ image: "platform" });
    expect(metadata.labels).to.deep.equal({ release: "the-release-of-cloud-deploy" });
    expect(spec.containers[0]?.env).to.deep.equal([
      { name: "LOG_LEVEL", value: "INFO" },
      { name: "TOKEN", valueFrom: { secretKeyRef: { name: "token", key: "3" } } },
      { name: "RELEASE_ID", value: "the-release-of-cloud-deploy" },
    ]);
  });

  it("says the rest in annotations", () => {
    expect(manifest().spec.template.metadata.annotations).to.deep.equal({
      "autoscaling.knative.dev/minScale": "1",
      "autoscaling.knative.dev/maxScale": "4",
      "run.googleapis.com/cpu-throttling": "true",
      "run.googleapis.com/startup-cpu-boost": "true",
      "run.googleapis.com/secrets": "token:projects/p/secrets/token",
    });
    const network = manifest({
      executionEnvironment: "EXECUTION_ENVIRONMENT_GEN2",
      sessionAffinity: true,
      vpcAccess: { egress: "ALL_TRAFFIC", networkInterfaces: [{ network: "n", subnetwork: "s" }] },
    });
    expect(network.spec.template.metadata.annotations).to.include({
      "run.googleapis.com/execution-environment": "gen2",
      "run.googleapis.com/sessionAffinity": "true",
      "run.googleapis.com/vpc-access-egress": "all-traffic",
      "run.googleapis.com/network-interfaces": '[{"network":"n","subnetwork":"s"}]',
    });
  });

  it("keeps account, concurrency, time-out, port and limits", () => {
    const { containers, ...revision } = manifest().spec.template.spec;
    expect(revision).to.deep.equal({
      serviceAccountName: "run@p.iam.gserviceaccount.com",
      containerConcurrency: 80,
      timeoutSeconds: 300,
    });
    expect(containers[0]).to.deep.include({
      ports: [{ containerPort: 8000 }],
      resources: { limits: { cpu: "1", memory: "512Mi" } },
    });
  });

  for (const [what, make] of [
    ["customAudiences", () => deliveryManifest({ ...service, customAudiences: ["a"] })],
    ["volumes", () => manifest({ volumes: [{ name: "data" }] })],
    ["encryptionKey", () => manifest({ encryptionKey: "k" })],
    ["workingDir", () => manifestWith({ workingDir: "/srv" })],
    ["connector", () => manifest({ vpcAccess: { connector: "c" } })],
    ["cpuUtilization", () => manifest({ scaling: { cpuUtilization: 0.5 } })],
  ] as const) {
    it(`refuses ${what}, which the next release would lose`, () => {
      expect(make).to.throw(new RegExp(`${what}.*set symphainy:delivery to pulumi`));
    });
  }

  it("refuses words and numbers of containers that it doesn't know", () => {
    expect(() => deliveryManifest({ ...service, ingress: "ELSEWHERE" })).to.throw(/"ELSEWHERE"/);
    expect(() => manifest({ containers: [] })).to.throw(/no container/);
    expect(() => manifest({ containers: [container, container] })).to.throw(/several containers/);
  });

  it("refuses two secrets with one short name", () => {
    const secretOf = (project: string) => ({
      name: project,
      valueSource: { secretKeyRef: { secret: `projects/${project}/secrets/token`, version: "1" } },
    });
    expect(() => manifestWith({ envs: [secretOf("p"), secretOf("q")] })).to.throw(
      /projects\/p\/secrets\/token and projects\/q\/secrets\/token/,
    );
  });
});
