/**
 * The proxy that ECS puts beside each task of a service with Service Connect. What it takes is the task's: AWS advises
 * to add so much to a task's size, and demands that the containers' own limits leave it something.
 *
 * Above 500 requests a second to one task it is to be 512 CPU units, above 100 services or 2000 tasks in a namespace
 * 128 MiB ("Amazon ECS Service Connect components", Proxy resources).
 */
export const connectProxy = {
  /** CPU units. */
  cpu: 256,
  /** MiB. */
  memory: 64,
  /**
   * Port on which it takes calls. On another one than the container's, so that the load balancer goes on talking to
   * the container itself: its checks, drains and time-outs are no matter of the proxy's.
   */
  port: 20080,
} as const;

/** What a container keeps of a task's size beside the proxy. */
export function besideProxy<T extends { cpu: number; memory: number }>(task: T): T {
  return { ...task, cpu: task.cpu - connectProxy.cpu, memory: task.memory - connectProxy.memory };
}
