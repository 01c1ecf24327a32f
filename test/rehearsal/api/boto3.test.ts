import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { cacheRoot } from "../../../rehearsal/cacheRoot.ts";
import type { ServedApi } from "../../../rehearsal/cloud/api/serveOnLoopback.ts";
import { startCloudApi } from "../../../rehearsal/cloud/api/startCloudApi.ts";
import { findPython } from "../../../rehearsal/container/python.ts";
import { ensureVirtualEnvironment } from "../../../rehearsal/container/virtualEnvironment.ts";
import { openProcesses } from "../../../rehearsal/processes/supervisor.ts";
import { arn, FakeServices } from "./fakeServices.ts";

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe("the cloud's API, asked by boto3", function () {
  this.timeout(300_000);
  let python: string;
  let api: ServedApi;
  const fake = new FakeServices();

  before(async () => {
    const processes = await openProcesses({ runDir: mkdtempSync(join(tmpdir(), "symphainy-")) });
    try {
      const folder = await ensureVirtualEnvironment({
        python: await findPython(null),
        installs: [
          {
            files: { "/requirements.txt": readFileSync(here("requirements.txt"), "utf8") },
            requirements: ["/requirements.txt"],
            options: [],
          },
        ],
        cacheDir: cacheRoot(),
        processes,
        onProgress: () => {},
      });
      python = join(folder, "bin", "python");
    } finally {
      await processes.close();
    }
    api = await startCloudApi(fake);
  });
  after(() => api?.close());

  it("is understood, in the protocols that boto3 has chosen", async () => {
    const { stdout } = await promisify(execFile)(python, [here("client.py"), api.url]);
    const time = "2026-03-01T12:34:56.500000+00:00";
    expect(JSON.parse(stdout)).to.deep.equal({
      deployment: {
        serviceDeployments: [
          {
            serviceDeploymentArn: arn,
            createdAt: time,
            status: "IN_PROGRESS",
            sourceServiceRevisions: [{ arn: "a", runningTaskCount: 2 }],
            alarms: { status: "MONITORING", alarmNames: ["a < b & c"] },
          },
        ],
        failures: [],
      },
      alarms: {
        MetricAlarms: [
          { AlarmName: "a", Threshold: 1.5, StateValue: "OK", StateUpdatedTimestamp: time },
          { AlarmName: "b", EvaluationPeriods: 3, ActionsEnabled: true },
        ],
        CompositeAlarms: [],
      },
      data: {
        MetricDataResults: [
          { Id: "m", Timestamps: [time], Values: [0.25], StatusCode: "Complete" },
        ],
      },
      group: {
        TargetGroups: [
          {
            TargetGroupName: "a<b>&c",
            Port: 80,
            HealthCheckEnabled: true,
            Matcher: { HttpCode: "200" },
            LoadBalancerArns: [],
          },
        ],
      },
      errors: [
        ["ClusterNotFoundException", "Cluster not found."],
        ["TargetGroupNotFound", "no <such> group"],
        ["ResourceNotFound", "There is no alarm x"],
        [
          "UnknownOperationException",
          "SetAlarmState is not rehearsed. To add it, give the service in rehearsal/cloud/cloudwatch/ a method setAlarmState.",
        ],
      ],
    });
    expect(fake.inputs).to.deep.include({
      AlarmName: "a",
      Threshold: 2.5,
      EvaluationPeriods: 1,
      ComparisonOperator: "LessThanThreshold",
    });
    expect(fake.inputs).to.deep.include({ Name: "g", Port: 80, HealthCheckEnabled: true });
    const start = new Date("2026-03-01T12:00:00Z");
    expect(fake.inputs).to.deep.include({
      StartTime: start,
      EndTime: start,
      MetricDataQueries: [{ Id: "m", Expression: "1" }],
    });
  });
});
