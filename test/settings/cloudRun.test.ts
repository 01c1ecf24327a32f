import { expect } from "chai";
import { cloudRun, digest, service, useProject } from "./support/project.ts";

describe("settings of Cloud Run", () => {
  const project = useProject();
  const { problems, read, readCloudRun } = project;
  const expectProblem = (values: Record<string, unknown>, ...parts: string[]) =>
    project.expectProblem(cloudRun(values), ...parts);

  it("has defaults that go together", () => {
    const settings = readCloudRun();
    expect(settings.gcp).to.deep.equal({ project: "my-project", region: "europe-west1" });
    expect(settings.delivery).to.equal("pulumi");
    expect(settings.cloudRun).to.deep.equal({
      public: true,
      ingress: "all",
      concurrency: 80,
      cpuBoost: true,
      cpuAlwaysAllocated: false,
      deletionProtection: false,
      requestTimeoutSeconds: 300,
      notificationChannels: [],
      enableApis: true,
    });
    expect(settings.services.platform).to.deep.include({
      cpu: 1024,
      memory: 512,
      drainSeconds: 2,
      stopTimeoutSeconds: 10,
      keepAliveSeconds: 75,
    });
    expect(settings.alarms.publicationLagSeconds).to.equal(180);
    expect(settings.rollout).to.deep.include({ strategy: "BLUE_GREEN", steps: [100] });
    expect(settings).not.to.have.any.keys("aws", "network", "loadBalancer", "ec2", "fargate");
  });
  for (const target of ["ec2", "fargate"]) {
    it(`leaves the defaults of ${target} as they were`, () => {
      const { services, alarms } = read({ target });
      expect(services.platform).to.deep.include({
        cpu: 256,
        memory: 512,
        drainSeconds: 20,
        stopTimeoutSeconds: 45,
      });
      expect(alarms.publicationLagSeconds).to.equal(120);
    });
  }

  describe("clouds", () => {
    it("needs no region of AWS", () => {
      expect(readCloudRun({ "aws:secretKey": "x" }).target).to.equal("cloudrun");
    });
    it("needs no project of Google Cloud on AWS", () => {
      expect(read({ "gcp:region": "nowhere" }).target).to.equal("ec2");
    });
    it("needs a project", () =>
      expectProblem({ "gcp:project": undefined }, "gcp:project is missing"));
    it("takes what the environment says", () => {
      process.env.GOOGLE_CLOUD_PROJECT = "from-outside";
      process.env.CLOUDSDK_COMPUTE_REGION = "us-east1";
      const { gcp } = readCloudRun({ "gcp:project": undefined, "gcp:region": undefined });
      expect(gcp).to.deep.equal({ project: "from-outside", region: "us-east1" });
    });
    it("an unknown region", () =>
      expectProblem({ "gcp:region": "europe-west7" }, "gcp:region", "Did you mean europe-west"));
    it("names what is wrong with the cloud and with the settings at once", () => {
      const found = problems(cloudRun({ "gcp:project": undefined, rollout: { bakeMinutes: 1 } }));
      expect(found).to.have.length(2);
    });
  });

  describe("sizes", () => {
    const size = (cpu: number, memory: number, place: Record<string, unknown> = {}) => ({
      ...service({ cpu, memory }),
      cloudRun: place,
    });
    for (const [cpu, memory] of [
      [1024, 128],
      [1024, 4096],
      [2048, 8192],
      [4096, 2048],
      [6144, 24576],
      [8192, 32768],
    ] as const) {
      it(`takes ${memory} MiB with ${cpu} CPU units`, () => {
        expect(readCloudRun(size(cpu, memory)).services.platform).to.include({ cpu, memory });
      });
    }
    for (const [cpu, memory] of [
      [128, 512],
      [512, 1024],
      [896, 1024],
    ] as const) {
      it(`takes ${cpu} CPU units for one request at a time`, () => {
        const { platform } = readCloudRun(size(cpu, memory, { concurrency: 1 })).services;
        expect(platform?.cpu).to.equal(cpu);
      });
    }
    for (const [cpu, next] of [
      [1100, 2048],
      [3072, 4096],
      [5120, 6144],
      [300, 384],
    ] as const) {
      it(`${cpu} CPU units`, () =>
        expectProblem(
          size(cpu, 512),
          `services.platform.cpu is ${cpu}, which Cloud Run doesn't have`,
          "1024, 2048, 4096, 6144, 8192 (CPU units, 1024 are one vCPU)",
          "less than 1024 in steps of 128",
          `Write ${next}, or less.`,
        ));
    }
    it("more CPU than there is", () => expectProblem(size(16384, 512), "Choose one of them."));
    it("a part of a CPU for many requests", () =>
      expectProblem(
        size(512, 512),
        "services.platform.cpu is 512, with a symphainy:cloudRun.concurrency of 80",
        "at least 1024, or a concurrency of 1",
        "Write 1024",
      ));
    it("a part of a CPU at all times", () =>
      expectProblem(
        size(512, 512, { concurrency: 1, cpuAlwaysAllocated: true }),
        "services.platform.cpu is 512, with symphainy:cloudRun.cpuAlwaysAllocated",
      ));
    it("more memory than goes with the CPU", () =>
      expectProblem(
        size(1024, 4097),
        "services.platform.memory is 4097, which Cloud Run doesn't have with a cpu of 1024",
        "from 128 to 4096 (MiB)",
        "Write 4096, or a cpu of 2048.",
      ));
    it("less memory than goes with the CPU", () =>
      expectProblem(size(4096, 1024), "from 2048 to 16384 (MiB)", "Write 2048."));
    it("more memory than there is", () =>
      expectProblem(size(8192, 40000), "from 4096 to 32768", "Write 32768."));
  });

  describe("values", () => {
    it("a service with capitals", () =>
      expectProblem(
        { services: { Platform: { image: digest } } },
        'symphainy:services.Platform has the name "Platform"',
        "lower-case letters",
      ));
    for (const [key, value] of [
      ["concurrency", 0],
      ["concurrency", 1001],
      ["requestTimeoutSeconds", 3601],
      ["ingress", "none"],
      ["public", "yes"],
    ] as const) {
      it(`${key} ${value}`, () =>
        expectProblem(
          { cloudRun: { [key]: value } },
          `symphainy:cloudRun.${key} is ${JSON.stringify(value)}`,
        ));
    }
    it("a channel by its name alone", () =>
      expectProblem(
        { cloudRun: { notificationChannels: ["ops"] } },
        'symphainy:cloudRun.notificationChannels[0] is "ops"',
        "projects/PROJECT/notificationChannels/NUMBER",
      ));
    it("a channel", () => {
      const notificationChannels = ["projects/my-project/notificationChannels/123"];
      expect(
        readCloudRun({ cloudRun: { notificationChannels } }).cloudRun.notificationChannels,
      ).to.deep.equal(notificationChannels);
    });
    it("a network without a subnetwork", () =>
      expectProblem(
        { cloudRun: { network: { network: "default" } } },
        "symphainy:cloudRun.network.subnetwork is missing",
      ));
    it("a network", () => {
      const network = { network: "default", subnetwork: "default" };
      expect(readCloudRun({ cloudRun: { network } }).cloudRun.network).to.deep.equal({
        ...network,
        egress: "privateRanges",
      });
    });
    it("a subnetwork of another region", () => {
      const subnetwork = "projects/my-project/regions/us-east1/subnetworks/default";
      expectProblem(
        { cloudRun: { network: { network: "default", subnetwork } } },
        "symphainy:cloudRun.network.subnetwork",
        "a subnetwork of europe-west1",
      );
    });
    it("no instances while nobody asks", () => {
      const { platform } = readCloudRun(service({ tasks: { min: 0 } })).services;
      expect(platform?.tasks.min).to.equal(0);
    });
    it("no tasks on ECS", () =>
      project.expectProblem(
        service({ tasks: { min: 0 } }),
        "services.platform.tasks.min is 0",
        "from 1 to 1000 on ECS",
      ));
    it("services share a path, as each has a URL", () => {
      const services = { a: { image: digest }, b: { image: digest, calls: ["a"] } };
      expect(Object.keys(readCloudRun({ services }).services)).to.deep.equal(["a", "b"]);
    });
    it("calls to nobody", () =>
      expectProblem(service({ calls: ["other"] }), "calls[0]", "no service of this stack"));
  });

  describe("times", () => {
    it("a stop that Cloud Run doesn't wait for", () =>
      expectProblem(
        service({ stopTimeoutSeconds: 45 }),
        "services.platform.stopTimeoutSeconds is 45",
        "Allowed: 10",
        "Remove it.",
      ));
    it("a drain that leaves no time to end", () =>
      expectProblem(
        service({ drainSeconds: 9 }),
        "services.platform.drainSeconds is 9",
        "from 0 to 8",
        "Remove it to get 2.",
      ));
    it("no drain", () => {
      expect(readCloudRun(service({ drainSeconds: 0 })).services.platform?.drainSeconds).to.equal(
        0,
      );
    });
    it("a keep-alive of any length, as there is no load balancer to outlast", () => {
      const { platform } = readCloudRun(service({ keepAliveSeconds: 30 })).services;
      expect(platform?.keepAliveSeconds).to.equal(30);
    });
    it("a start that takes longer than a startup probe may", () =>
      expectProblem(
        { health: { startPeriodSeconds: 180 } },
        "symphainy:health.startPeriodSeconds gives service platform 270 seconds for a start",
        "at most 240 seconds",
      ));
    it("a service's own start", () =>
      expectProblem(
        service({ health: { retries: 8 } }),
        "symphainy:services.platform.health.startPeriodSeconds gives service platform 245 seconds",
      ));
    it("a check that outlasts its interval", () =>
      expectProblem(
        { health: { timeoutSeconds: 30 } },
        "symphainy:health.timeoutSeconds is 30",
        "less than the interval",
      ));
    it("a bake that is over before its figures are there", () =>
      expectProblem(
        { rollout: { bakeMinutes: 4 } },
        "symphainy:rollout.bakeMinutes is 4",
        "at least 360 seconds, or no figures could be judged",
        "180 s publication lag + 60 s in which the traffic moves",
      ));
    it("a bake that ECS would not wait for", () => {
      expect(readCloudRun({ rollout: { bakeMinutes: 60 } }).rollout.bakeMinutes).to.equal(60);
    });
  });

  describe("rollout", () => {
    it("ROLLING", () =>
      expectProblem(
        { rollout: { strategy: "ROLLING" } },
        'symphainy:rollout.strategy is "ROLLING"',
        "BLUE_GREEN, CANARY or LINEAR",
        "leave the key out",
      ));
    for (const rollout of [
      { strategy: "CANARY", steps: [0.5, 100] },
      { strategy: "LINEAR", steps: [33.3, 66.6, 99.9, 100] },
    ]) {
      it(`${rollout.strategy} by parts of a percent`, () =>
        expectProblem(
          { rollout },
          `symphainy:rollout.steps is ${JSON.stringify(rollout.steps)}`,
          "whole percents",
        ));
    }
    it("CANARY by a whole percent", () => {
      const rollout = { strategy: "CANARY", steps: [1, 100] };
      expect(readCloudRun({ rollout }).rollout).to.deep.include(rollout);
    });
  });
});
