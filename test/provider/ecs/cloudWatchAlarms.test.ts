import { expect } from "chai";
import { CloudWatchAlarms } from "../../../provider/ecs/cloudWatchAlarms.ts";

describe("CloudWatchAlarms", () => {
  const never = new AbortController().signal;

  it("reads metric and composite alarms in the order of their names", async () => {
    const alarms = new CloudWatchAlarms(async () => ({
      describeAlarms: async () => ({
        MetricAlarms: [{ AlarmName: "b", StateValue: "ALARM" as const, StateReason: "12 > 5" }],
        CompositeAlarms: [{ AlarmName: "a", StateValue: "OK" as const, StateReason: "fine" }],
      }),
    }));
    expect(await alarms.read(["a", "b", "c"], never)).to.deep.equal([
      { name: "a", state: "OK", reason: "fine" },
      { name: "b", state: "ALARM", reason: "12 > 5" },
      { name: "c", state: "MISSING", reason: "" },
    ]);
  });

  it("asks for both kinds, a hundred at a time, over one client", async () => {
    const asked: number[] = [];
    let clients = 0;
    const alarms = new CloudWatchAlarms(async () => {
      clients += 1;
      return {
        describeAlarms: async ({ AlarmNames = [], AlarmTypes }) => {
          expect(AlarmTypes).to.deep.equal(["MetricAlarm", "CompositeAlarm"]);
          asked.push(AlarmNames.length);
          return {};
        },
      };
    });
    const names = Array.from({ length: 120 }, (_, index) => `alarm-${index}`);
    await alarms.read(names, never);
    await alarms.read([], never);
    expect(asked).to.deep.equal([100, 20]);
    expect(clients).to.equal(1);
  });

  it("tries to connect again after it could not", async () => {
    let attempts = 0;
    const alarms = new CloudWatchAlarms(async () => {
      attempts += 1;
      if (attempts === 1) throw new Error("no credentials");
      return { describeAlarms: async () => ({}) };
    });
    await alarms.read(["a"], never).catch(() => undefined);
    expect(await alarms.read(["a"], never)).to.have.length(1);
  });
});
