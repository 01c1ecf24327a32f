import { expect } from "chai";
import { CannotDo } from "../../operate/cannotDo.ts";
import { chooseService, chooseServices } from "../../operate/chooseServices.ts";
import { UsageError } from "../../operate/usageError.ts";

const api = { service: "api" };
const web = { service: "web" };

describe("chooseServices", () => {
  it("takes all, or the named one", () => {
    expect(chooseServices([api, web], undefined)).to.deep.equal([api, web]);
    expect(chooseServices([api, web], "web")).to.deep.equal([web]);
    expect(chooseServices([], undefined)).to.deep.equal([]);
  });

  it("lists what there is in place of an unknown one", () => {
    expect(() => chooseServices([api, web], "wep")).to.throw(
      CannotDo,
      "The stack has no service wep. Its services: api, web.",
    );
    expect(() => chooseServices([], "web")).to.throw(CannotDo, "Nothing is deployed there yet");
  });
});

describe("chooseService", () => {
  it("takes the only one, or the named one", () => {
    expect(chooseService([api], undefined)).to.equal(api);
    expect(chooseService([api, web], "web")).to.equal(web);
  });

  it("wants a name where there are several", () => {
    expect(() => chooseService([api, web], undefined)).to.throw(
      UsageError,
      "Which service? Add --service NAME. Its services: api, web.",
    );
  });

  it("says that there is none", () => {
    expect(() => chooseService([], undefined)).to.throw(CannotDo, "Nothing is deployed there yet");
  });
});
