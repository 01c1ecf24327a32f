import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

const env = { LOG_LEVEL: "INFO", TEST_ENVIRONMENT: "true", SERVICE_DISCOVERY: "true" };

/** So that the proxies beside them have room; on Fargate a CPU of 512 comes with at least so much memory. */
const onEcs = { context: "platform", cpu: 512, memory: 1024, tasks: { min: 2, max: 2 }, env };

/** Less than a whole CPU takes one request at a time. */
const onCloudRun = { ...onEcs, cpu: 1024, memory: 512 };

/** Under a path of its own, which it has to know. */
const below = { path: "/insurance", env: { ...env, PATH_PREFIX: "/insurance" } };

export const callsBetween: Story = {
  name: "callsBetween",
  tells:
    "two services are released one after the other while both are called, one by way of the other",
  core: false,
  startsFrom: "live",
  earlier: ["shifted"],
  expected: "shifted",
  minimumRequests: 2000,
  settings: {
    ...quick.settings,
    services: {
      platform: { ...onEcs, calls: ["insurance"] },
      insurance: { ...onEcs, ...below, calls: ["platform"] },
    },
    // Two tasks of that size find place on each.
    ec2: { instanceType: "t3.medium" },
  },
  settingsOn: {
    // A service has its URL when it is made there, so that no two can call each other.
    cloudrun: {
      ...quick.settingsOn.cloudrun,
      services: {
        platform: { ...onCloudRun, calls: ["insurance"] },
        insurance: { ...onCloudRun, ...below },
      },
    },
  },
  // Nobody else has two services.
  world: {},
  async play(play) {
    await play.startLoad({ call: 40 });
    await play.requests(300);
    await play.up(play.nextGood(), "platform");
    await play.moreRequests(300);
    await play.up(play.nextGood(), "insurance");
    await play.moreRequests(300);
    await play.stopLoad();
    await play.previewAgain();
  },
};
