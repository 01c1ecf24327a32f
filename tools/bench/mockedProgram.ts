/** The program in a process of its own, with mocks in place of the engine: says when it has registered everything. */
import program from "../../index.ts";
import { record } from "../../test/support/mocks.ts";

const { resources } = await record(program);
process.send?.({
  resources: resources.length,
  // As the system counts it: the most that this process has ever held in memory.
  rssMb: process.resourceUsage().maxRSS / 1024,
});
process.disconnect?.();
