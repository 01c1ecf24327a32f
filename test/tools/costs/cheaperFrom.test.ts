import { expect } from "chai";
import { type Contest, cheaperFrom } from "../../../tools/costs/cheaperFrom.ts";

/** Instances that hold two tasks of ten dollars on Fargate. */
const contest: Contest = {
  instance: 15,
  tasksPerInstance: 2,
  kept: (needed) => needed,
  extra: 0,
  task: 10,
};

describe("cheaperFrom", () => {
  it("finds where instances begin to cost less, and where they do for good", () => {
    // 1: 15 > 10; 2: 15 < 20; 3: 30 = 30; 4: 30 < 40; 5: 45 < 50.
    expect(cheaperFrom(contest)).to.deep.equal({ first: 2, always: 4 });
  });

  it("counts from one, where the first instance costs less than a task", () => {
    expect(cheaperFrom({ ...contest, instance: 9 })).to.deep.equal({ first: 1, always: 1 });
  });

  it("finds none where a task costs no less on a full instance", () => {
    expect(cheaperFrom({ ...contest, instance: 20 })).to.equal(undefined);
    expect(cheaperFrom({ ...contest, instance: 21 })).to.equal(undefined);
  });

  it("counts instances that are kept anyway", () => {
    const kept = (needed: number) => Math.max(4, needed);
    // Four instances cost 60: six tasks as much on Fargate, seven more.
    expect(cheaperFrom({ ...contest, kept })).to.deep.equal({ first: 7, always: 7 });
  });

  it("counts spare instances", () => {
    const kept = (needed: number) => Math.ceil((needed * 100) / 50);
    expect(cheaperFrom({ ...contest, kept })).to.equal(undefined);
    expect(cheaperFrom({ ...contest, kept, instance: 8 })).to.deep.equal({ first: 2, always: 4 });
  });

  it("counts what a stack on instances pays besides", () => {
    const found = cheaperFrom({ ...contest, extra: 100 });
    // Each full pair saves 5, so the hundred are back after 20 pairs; an odd task more costs 5.
    expect(found).to.deep.equal({ first: 42, always: 44 });
  });

  it("says nothing of what would only be so beyond the most tasks of a service", () => {
    expect(cheaperFrom({ ...contest, extra: 2499 })?.first).to.equal(undefined);
    expect(cheaperFrom({ ...contest, instance: 19.99 })).to.equal(undefined);
  });

  it("finds none where an instance holds no task", () => {
    expect(cheaperFrom({ ...contest, tasksPerInstance: 0 })).to.equal(undefined);
  });

  it("agrees with the definition, whatever the numbers", () => {
    for (const tasksPerInstance of [1, 2, 3, 7]) {
      for (const instance of [3, 11, 17.5, 29]) {
        const one = { ...contest, tasksPerInstance, instance, extra: 7 };
        const found = cheaperFrom(one);
        if (!found) continue;
        const cost = (tasks: number) => Math.ceil(tasks / tasksPerInstance) * instance + 7;
        for (let tasks = 1; tasks <= 1000; tasks++) {
          const isCheaper = cost(tasks) < tasks * 10;
          if (tasks < found.first) expect(isCheaper).to.equal(false);
          if (tasks === found.first || tasks >= found.always) expect(isCheaper).to.equal(true);
          if (tasks === found.always - 1) expect(isCheaper).to.equal(false);
        }
      }
    }
  });
});
