/** Times that are the cloud's own and in nobody's settings, in cloud seconds. */
export const cloudTimes = {
  /** From an instance's launch until tasks can be placed on it. */
  bootSeconds: 60,
  /** From the end of a minute until CloudWatch has its figures. */
  publicationLagSeconds: 60,
  /** From the end of a minute until Cloud Monitoring has the figures of Cloud Run. */
  monitoringLagSeconds: 180,
  /** How long Cloud Run keeps an instance that nobody needs. */
  idleInstanceSeconds: 15 * 60,
  /** From a task that has no place to the group's new size. */
  scaleOutSeconds: 60,
  /** How long an instance must be empty before it goes. */
  scaleInSeconds: 15 * 60,
  /** From a task's start on Fargate until its process does: machine, network interface and image. */
  fargateSeconds: 30,
  /** From an instance's sudden end until ECS knows that its tasks are gone. */
  instanceLossSeconds: 60,
};

/**
 * Real seconds that a process may take to start on a busy machine, on top of the grace period of its service: that is
 * an allowance for the start, which no speed makes any shorter.
 */
export const startReserveSeconds = 3;
