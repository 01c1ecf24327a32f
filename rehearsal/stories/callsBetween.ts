import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

/** So that the proxies beside them have room; on Fargate a CPU of 512 comes with at least so much memory. */
const size = { context: "platform", cpu: 512, memory: 1024, tasks: { min: 2, max: 2 } };
const env = { LOG_LEVEL: "INFO", TEST_ENVIRONMENT: "true", SERVICE_DISCOVERY: "true" };

export const callsBetween: Story = {
  name: "callsBetween",
  tells: "two services that call each other are released one after the other while both are called",
  core: false,
  startsFrom: "live",
  earlier: ["shifted"],
  expected: "shifted",
  minimumRequests: 2000,
  settings: {
    ...quick.settings,
    services: {
      platform: { ...size, calls: ["insurance"], env },
      insurance: {
        ...size,
        path: "/insurance",
        calls: ["platform"],
        env: { ...env, PATH_PREFIX: "/insurance" },
      },
    },
    // Two tasks of that size find place on each.
    ec2: { instanceType: "t3.medium" },
  },
  // Nobody else has two services.
  world: {},
  notOn: { cloudrun: "a service has its URL when it is made, so that none can call each other" },
  async play(play) {
    await play.startLoad({ call: 40 });
    await play.requests(300);
    await play.up(play.nextGood(), "platform");
    await play.moreRequests(300);
    await play.up(play.nextGood(), "insurance");
    await play.moreRequests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
