import { expect } from "chai";
import { renderStatus } from "../../operate/renderStatus.ts";
import { candidateSide, ids, liveSide, statusOf } from "./support/statuses.ts";

describe("renderStatus", () => {
  it("says that nothing is under way", () => {
    expect(renderStatus("platform", statusOf())).to.equal(
      [
        "platform",
        `  live       ${ids.a}  since 2030-01-01 10:00:00 UTC  symphainy-ec2-platform:1`,
        "  candidate  none, nothing is under way",
        "  health     live 2 of 2 tasks running; 2 of 2 targets healthy",
        "  drift      none",
      ].join("\n"),
    );
  });

  it("says all that is known of a release under way", () => {
    const status = statusOf({
      live: liveSide(ids.a, { weight: 90 }),
      candidate: candidateSide(ids.b, { weight: 10 }),
      runner: { by: "ada@laptop", since: "2030-01-01T10:59:00.000Z" },
      hold: { by: "bob@desk", since: "2030-01-01T11:05:00.000Z" },
      drift: ["weights 50/50", "5 tasks"],
    });
    expect(renderStatus("platform", status)).to.equal(
      [
        "platform",
        `  live       ${ids.a}  since 2030-01-01 10:00:00 UTC  symphainy-ec2-platform:1`,
        `  candidate  ${ids.b}  since 2030-01-01 11:00:00 UTC  symphainy-ec2-platform:2`,
        "  traffic    live 90 %, candidate 10 %",
        "  stage      POST_TEST_TRAFFIC_SHIFT, IN_PROGRESS",
        "  waits      for a verdict until 2030-01-01 11:30:00 UTC, then ECS undoes it",
        "  run by     ada@laptop, since 2030-01-01 10:59:00 UTC",
        "  health     live 2 of 2 tasks running; 2 of 2 targets healthy",
        "             candidate 1 of 2 tasks running, 1 starting",
        "  held by    bob@desk, since 2030-01-01 11:05:00 UTC",
        "  drift      weights 50/50",
        "             5 tasks",
      ].join("\n"),
    );
  });

  it("says that nobody follows a release, and that it goes back", () => {
    const candidate = candidateSide(ids.b, {
      checkpoint: undefined,
      isUndone: true,
      stage: undefined,
      status: "ROLLBACK_IN_PROGRESS",
    });
    const text = renderStatus("platform", statusOf({ live: undefined, candidate }));
    expect(text).to.include("live       nothing yet");
    expect(text).to.include("traffic    candidate 0 %");
    expect(text).to.include("stage      ROLLBACK_IN_PROGRESS\n");
    expect(text).to.include("waits      no: it is being undone");
    expect(text).to.include("run by     nobody");
  });

  it("lets nothing that a cloud says move the cursor", () => {
    const text = renderStatus("platform", statusOf({ drift: ["a\u001b[2Jb"] }));
    expect(text).to.include("drift      a [2Jb");
  });
});
