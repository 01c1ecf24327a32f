/** One service on instances and on Fargate, in US dollars a month. */
export interface Contest {
  /** What an instance costs. */
  instance: number;
  /** Tasks of the service that an instance holds. */
  tasksPerInstance: number;
  /** Instances that run while so many are needed. */
  kept: (needed: number) => number;
  /** What a stack on instances pays besides, more than one on Fargate. */
  extra: number;
  /** What a task costs on Fargate. */
  task: number;
}

export interface CheaperFrom {
  /** Fewest tasks with which instances cost less. */
  first: number;
  /** From so many tasks on they always do; between the two it depends on how full the last instance is. */
  always: number;
}

/** Most tasks that the settings give a service. */
export const mostTasks = 1000;

/**
 * From how many tasks instances cost less than Fargate. Instances come whole, so their cost goes up in
 * steps, and may cross that of Fargate more than once.
 *
 * @returns undefined where that isn't so for good at any number of tasks up to {@link mostTasks}.
 */
export function cheaperFrom(contest: Contest): CheaperFrom | undefined {
  const { instance, tasksPerInstance, kept, extra, task } = contest;
  if (tasksPerInstance < 1) return undefined;
  const isCheaper = (tasks: number) =>
    kept(Math.ceil(tasks / tasksPerInstance)) * instance + extra < tasks * task;
  const numbers = Array.from({ length: mostTasks }, (_, index) => index + 1);
  const first = numbers.find(isCheaper);
  const always = (numbers.findLast((tasks) => !isCheaper(tasks)) ?? 0) + 1;
  // At the end, last instances from the emptiest to the fullest have to agree.
  const settles = always <= mostTasks - 2 * tasksPerInstance;
  return first === undefined || !settles ? undefined : { first, always };
}
