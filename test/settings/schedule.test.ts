import { expect } from "chai";
import { service, useProject } from "./support/project.ts";

const morning = { cron: "0 7 ? * MON-FRI *", timezone: "Europe/Berlin", min: 4 };
const evening = { cron: "0 20 ? * MON-FRI *", timezone: "Europe/Berlin", min: 2 };

describe("settings of a schedule", () => {
  const { expectProblem, problems, read } = useProject();
  const tasks = (values: object) => service({ tasks: { min: 2, max: 4, ...values } });

  it("are none by default", () => {
    expect(read(service({})).services.platform?.tasks.schedule).to.deep.equal([]);
  });

  it("go by UTC where no zone is named", () => {
    const { timezone: _, ...withoutZone } = morning;
    const settings = read(tasks({ schedule: [withoutZone, evening] }));
    expect(settings.services.platform?.tasks.schedule).to.deep.equal([
      { ...morning, timezone: "UTC" },
      evening,
    ]);
  });

  it("in the words of Unix", () =>
    expectProblem(
      tasks({ schedule: [{ ...morning, cron: "0 7 * * 1-5" }, evening] }),
      'symphainy:services.platform.tasks.schedule[0].cron is "0 7 * * 1-5"',
      "six fields",
      'Write "0 7 ? * MON-FRI *"',
    ));
  it("without a time", () =>
    expectProblem(
      tasks({ schedule: [{ min: 4 }, evening] }),
      "symphainy:services.platform.tasks.schedule[0].cron is missing",
    ));
  it("in a zone that is none", () =>
    expectProblem(
      tasks({ schedule: [{ ...morning, timezone: "Europe/Berln" }, evening] }),
      'symphainy:services.platform.tasks.schedule[0].timezone is "Europe/Berln"',
      "Did you mean Europe/Berlin?",
    ));
  it("fewer than tasks.min", () =>
    expectProblem(
      tasks({ schedule: [morning, { ...evening, min: 1 }] }),
      "symphainy:services.platform.tasks.schedule[1].min is 1",
      "from tasks.min to tasks.max, which are 2 and 4",
      "Write 2 or more, or lower tasks.min.",
    ));
  it("more than tasks.max", () =>
    expectProblem(
      tasks({ schedule: [{ ...morning, min: 5 }, evening] }),
      "symphainy:services.platform.tasks.schedule[0].min is 5",
      "Write 4 or less, or raise tasks.max.",
    ));
  it("no way back to tasks.min", () =>
    expectProblem(
      tasks({ schedule: [morning, { ...evening, min: 3 }] }),
      "symphainy:services.platform.tasks.schedule never goes back to tasks.min, which is 2",
      "Add an entry with min 2",
      "or raise tasks.min to 3",
    ));
  it("two numbers for one time", () =>
    expectProblem(
      tasks({ schedule: [morning, evening, { ...morning, min: 3 }] }),
      "symphainy:services.platform.tasks.schedule[2] is for the same time as schedule[0]",
    ));
  it("one time in two zones is two times", () => {
    const elsewhere = { ...morning, timezone: "Europe/London", min: 3 };
    expect(problems(tasks({ schedule: [morning, elsewhere, evening] }))).to.deep.equal([]);
  });
  it("more than ten", () =>
    expectProblem(
      tasks({
        schedule: Array.from({ length: 11 }, (_, hour) => ({ cron: `0 ${hour} * * ? *`, min: 2 })),
      }),
      "symphainy:services.platform.tasks.schedule is ",
      "a list of at most 10 maps",
    ));
  it("a key that is unknown", () =>
    expectProblem(
      tasks({ schedule: [{ ...morning, timeZone: "UTC" }, evening] }),
      "symphainy:services.platform.tasks.schedule[0].timeZone is not a key that is known",
      "tasks.schedule[0].timezone?",
    ));
  it("are not judged by limits that cross", () =>
    expectProblem(tasks({ max: 1, schedule: [morning, evening] }), "tasks.min is 2"));
});
