import { expect } from "chai";
import { TaskScaling, type TaskScalingArgs } from "../../../components/aws/taskScaling.ts";
import { addService, openCloud, type TestCloud } from "../../rehearsal/providers/cloud.ts";
import { taskScalingArgs } from "./support/taskScalingArgs.ts";

const targetType = "aws:appautoscaling/target:Target";
const schedule = [
  { cron: "0 7 * * ? *", timezone: "UTC", min: 5 },
  { cron: "0 20 * * ? *", timezone: "UTC", min: 2 },
];

describe("TaskScaling on the real engine", function () {
  this.timeout(120_000);
  let cloud: TestCloud;

  beforeEach(async () => {
    cloud = await openCloud();
    addService(cloud);
  });
  afterEach(async () => {
    await cloud?.close();
  });

  const program =
    (changes: Partial<TaskScalingArgs> = {}) =>
    async () =>
      void new TaskScaling("platform", taskScalingArgs(changes));

  /** What AWS has of the scalable target. */
  function target() {
    const [found] = cloud.world.list(targetType);
    if (!found) throw new Error("there is no scalable target");
    return found;
  }

  const limits = () => {
    const { minCapacity, maxCapacity } = target().outputs;
    return [minCapacity, maxCapacity];
  };

  /** What AWS does at seven. */
  function runMorning(): void {
    const found = target();
    cloud.world.add({ ...found, outputs: { ...found.outputs, minCapacity: 5 } });
  }

  async function up(changes: Partial<TaskScalingArgs> = {}): Promise<string[]> {
    const { error, steps } = await cloud.up(program(changes));
    expect(error).to.equal("");
    return steps.filter((step) => !step.startsWith("same "));
  }

  async function refresh(): Promise<void> {
    expect((await cloud.refresh()).error).to.equal("");
  }

  it("leaves alone what the schedule has set, after a refresh too", async () => {
    const all = { schedule, targetRequestsPerMinute: 600 };
    expect(await up(all)).to.include.members([
      "create platform-requests",
      "create platform-schedule-1",
      "create platform-schedule-2",
    ]);
    runMorning();
    expect(await up(all)).to.deep.equal([]);
    await refresh();
    expect(await up(all)).to.deep.equal([]);
    expect(limits()).to.deep.equal([5, 6]);
  });

  it("puts back what somebody else has set where there is no schedule", async () => {
    await up();
    runMorning();
    await refresh();
    expect(await up()).to.deep.equal(["update platform"]);
    expect(limits()).to.deep.equal([2, 6]);
  });

  it("changes the greatest number at once, and after a refresh nothing else", async () => {
    await up({ schedule });
    runMorning();
    await refresh();
    expect(await up({ schedule, max: 8 })).to.deep.equal(["update platform"]);
    expect(limits()).to.deep.equal([5, 8]);
  });

  it("changes the smallest number by way of the schedule", async () => {
    await up({ schedule });
    const [morning, evening] = schedule;
    if (!morning || !evening) throw new Error("there are two times");
    const changed = await up({ min: 3, schedule: [morning, { ...evening, min: 3 }] });
    expect(changed).to.deep.equal(["update platform-schedule-2"]);
    expect(limits()).to.deep.equal([2, 6]);
  });

  it("takes the last minimum away with the schedule, without a refresh", async () => {
    await up({ schedule });
    runMorning();
    expect(await up()).to.have.members([
      "update platform",
      "delete platform-schedule-1",
      "delete platform-schedule-2",
    ]);
    expect(limits()).to.deep.equal([2, 6]);
  });
});
