import { expect } from "chai";
import { type PolicyStack, policyStack } from "./support/policyStack.ts";

const tags = { Project: "p", Stack: "s" };
const logGroup = (retentionInDays: number) => ({
  type: "aws:cloudwatch/logGroup:LogGroup",
  name: "logs",
  props: { retentionInDays, tags },
});
const listener = {
  type: "aws:lb/listener:Listener",
  name: "listener",
  props: { protocol: "HTTP", port: 80, defaultActions: [{ type: "forward" }] },
};
const repository = {
  type: "aws:ecr/repository:Repository",
  name: "images",
  props: {
    imageTagMutability: "IMMUTABLE",
    imageScanningConfiguration: { scanOnPush: true },
    tags,
  },
};

describe("the policy pack on the real engine", function () {
  this.timeout(60_000);
  let stack: PolicyStack;

  before(async () => {
    stack = await policyStack();
  });
  after(() => stack?.dispose());

  it("blocks a preview that breaks a mandatory rule", async () => {
    stack.declared = [logGroup(0)];
    const { succeeded, violations, output } = await stack.preview();
    expect(violations, output).to.have.length(1);
    expect(violations[0])
      .to.include("cost-log-retention (mandatory)")
      .and.include("keeps its logs for ever");
    expect(succeeded).to.equal(false);
  });

  it("blocks an update before anything is created", async () => {
    const { succeeded, output } = await stack.up();
    expect(succeeded, output).to.equal(false);
    expect(stack.created()).to.deep.equal([]);
  });

  it("only warns of what is advisory, about one resource and about the stack", async () => {
    stack.declared = [logGroup(30), listener, repository];
    const { succeeded, violations, output } = await stack.preview();
    expect(succeeded, output).to.equal(true);
    expect(violations.map((it) => it.split(":")[0])).to.have.members([
      "cost-image-lifecycle (advisory)",
      "lb-plain-http (advisory)",
    ]);
  });

  it("lets a good stack through", async () => {
    stack.declared = [logGroup(30)];
    const { succeeded, violations, output } = await stack.up();
    expect(succeeded, output).to.equal(true);
    expect(violations).to.deep.equal([]);
    expect(stack.created()).to.deep.equal(["aws:cloudwatch/logGroup:LogGroup"]);
  });
});
