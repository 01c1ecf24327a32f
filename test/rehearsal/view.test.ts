import { WriteStream } from "node:tty";
import { expect } from "chai";
import { View } from "../../rehearsal/view.ts";

const status = {
  stage: "proof: 1 of 3 answers of http://127.0.0.1:40000/health by dcb41dab7b43",
  weights: "live/candidate 100/0 %",
  health: "4/4 healthy",
  requests: 12_345,
  failed: 0,
};

/** What a view writes to a stream that says of itself what a terminal does, or a pipe. */
function written(terminal: { isTTY: boolean; columns: number }, use: (view: View) => void): string {
  const ci = process.env.CI;
  delete process.env.CI;
  let text = "";
  const out: WriteStream = Object.create(WriteStream.prototype);
  Object.assign(out, {
    write(chunk: string) {
      text += chunk;
      return true;
    },
  });
  for (const [key, value] of Object.entries(terminal)) Object.defineProperty(out, key, { value });
  use(new View(out));
  if (ci !== undefined) process.env.CI = ci;
  return text;
}

describe("the view", () => {
  it("fits its status on a narrow terminal, the figures whole", () => {
    const text = written({ isTTY: true, columns: 80 }, (view) => view.status(status));
    expect(text).to.equal(
      "proof: 1 of 3 answer…  live/candidate 100/0 %  4/4 healthy  12345 req, 0 failed",
    );
    expect(text).to.have.length(79);
  });

  it("takes the status away before a line, and draws it again after it", () => {
    const text = written({ isTTY: true, columns: 80 }, (view) => {
      view.status({ ...status, stage: "gate" });
      view.line("hello");
      view.begin("ec2", "destroy", "all goes");
    });
    const line = "gate  live/candidate 100/0 %  4/4 healthy  12345 req, 0 failed";
    const clear = "\r\u001b[2K";
    expect(text).to.equal(`${line}${clear}hello\n${line}${clear}\nec2 destroy: all goes\n`);
  });

  it("writes plain lines and no status where there is no terminal", () => {
    const text = written({ isTTY: false, columns: 80 }, (view) => {
      view.status(status);
      view.line("hello");
      view.close();
    });
    expect(text).to.equal("hello\n");
  });

  it("says of what it speaks beside something else, and keeps no status", () => {
    const text = written({ isTTY: true, columns: 80 }, (view) => {
      const lane = view.beside();
      lane.begin("ec2", "rollback", "back to what was live before");
      lane.status(status);
      lane.step("pulumi up");
    });
    expect(text).to.match(/^\nec2 rollback: back to .*\nrollback +0\.\d s {2}pulumi up\n$/);
  });
});
