import { impatient } from "./quick.ts";
import type { Story } from "./story.ts";

export const configChange: Story = {
  name: "configChange",
  tells: "a changed variable is a release of its own: it passes the gate, and nothing is built",
  core: false,
  startsFrom: "rest",
  expected: "shifted",
  minimumRequests: 1000,
  ...impatient,
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    const env = { LOG_LEVEL: "WARNING", TEST_ENVIRONMENT: "true", SERVICE_DISCOVERY: "true" };
    await play.configureService({ env });
    const { changes } = await play.upAgain();
    await play.requests(1000);
    await play.stopLoad();
    const pushed = play.events.filter(({ kind }) => kind === "image").length;
    const built = changes.filter(({ type }) => type.startsWith("docker:")).length;
    play.expectThat(
      "as told",
      pushed === 0 && built === 0,
      `images were built for a changed variable: ${built} built, ${pushed} pushed`,
    );
    await play.previewAgain();
  },
};
