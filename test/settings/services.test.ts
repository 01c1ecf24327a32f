import { expect } from "chai";
import { digest, service, useProject } from "./support/project.ts";

describe("settings of services", () => {
  const { expectProblem, read } = useProject();

  describe("images", () => {
    it("by digest skip the build", () => {
      const settings = read({ services: { platform: { image: digest } } });
      expect(settings.services.platform?.image).to.deep.equal({
        kind: "existing",
        reference: digest,
      });
    });
    it("by tag", () =>
      expectProblem(
        { services: { platform: { image: "repo.example/platform:1.2" } } },
        "symphainy:services.platform.image",
        "repo.example/platform:1.2",
        "@sha256:",
      ));
    it("both built and existing", () =>
      expectProblem(service({ image: digest }), "both an image and context"));
    it("neither", () =>
      expectProblem({ services: { platform: {} } }, "neither a context nor an image"));
    it("from a missing context", () =>
      expectProblem(
        service({ context: "plattform" }),
        'symphainy:services.platform.context is "plattform", which is not there',
      ));
    it("from a missing Dockerfile", () =>
      expectProblem(
        service({ context: "empty" }),
        'symphainy:services.platform.dockerfile is "Dockerfile", which is not there',
        "build context empty",
      ));
  });

  describe("services", () => {
    it("none", () => expectProblem({ services: {} }, "symphainy:services is empty"));
    it("two with one path", () =>
      expectProblem(
        { services: { a: { image: digest }, b: { image: digest } }, ec2: { maxInstances: 10 } },
        'symphainy:services.b.path is "/", which service a has too',
      ));
    it("two with their own paths", () => {
      const settings = read({
        services: { a: { image: digest }, b: { image: digest, path: "/b" } },
        ec2: { maxInstances: 10 },
      });
      expect(Object.keys(settings.services)).to.deep.equal(["a", "b"]);
    });
    for (const path of ["api", "/api/", "/a b", "/a*"]) {
      it(`path ${path}`, () =>
        expectProblem(service({ path }), "symphainy:services.platform.path"));
    }
    for (const name of ["Platform", "a_b", "-a", "a-", "a".repeat(21)]) {
      it(`name ${name}`, () =>
        expectProblem({ services: { [name]: { image: digest } } }, name, "1 to 20"));
    }
    it("fewer tasks at most than at least", () =>
      expectProblem(
        service({ tasks: { min: 3, max: 2 } }),
        "platform.tasks.min is 3",
        "which is 2",
      ));
    it("scale by CPU alone, or by requests too", () => {
      const tasks = { targetRequestsPerMinute: 600 };
      expect(read(service({ tasks })).services.platform?.tasks).to.include(tasks);
      expect(read(service({})).services.platform?.tasks).not.to.have.property(
        "targetRequestsPerMinute",
      );
    });
    it("no requests to aim at", () =>
      expectProblem(
        service({ tasks: { targetRequestsPerMinute: 0 } }),
        "symphainy:services.platform.tasks.targetRequestsPerMinute is 0",
        "from 1 to 1000000 (requests a minute)",
      ));
    it("are killed while they drain", () =>
      expectProblem(
        service({ drainSeconds: 30, stopTimeoutSeconds: 30 }),
        "platform.stopTimeoutSeconds is 30",
        "more than drainSeconds",
      ));
    it("close connections before the load balancer does", () =>
      expectProblem(service({ keepAliveSeconds: 60 }), "platform.keepAliveSeconds is 60"));
    it("have their own container check", () => {
      const command = ["CMD", "node", "check.mjs"];
      expect(
        read(service({ health: { command } })).services.platform?.health.command,
      ).to.deep.equal(command);
      expect(read(service({})).services.platform?.health).to.not.have.property("command");
    });
    it("have their own health", () => {
      const own = { thresholdPercent: 90, loadBalancer: { intervalSeconds: 10 } };
      const settings = read(service({ health: own }));
      expect(settings.services.platform?.health).to.deep.include({
        thresholdPercent: 90,
        retries: 3,
      });
      expect(settings.services.platform?.health.loadBalancer).to.deep.equal({
        intervalSeconds: 10,
        timeoutSeconds: 2,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      });
    });
  });
});
