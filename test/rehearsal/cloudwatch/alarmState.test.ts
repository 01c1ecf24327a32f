import { expect } from "chai";
import { type AlarmRule, alarmState } from "../../../rehearsal/cloud/cloudwatch/alarmState.ts";

const rule: AlarmRule = {
  threshold: 1,
  comparison: "GreaterThanThreshold",
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  treatMissingData: "missing",
};

/** X breaches, 0 does not, - is missing; oldest first. */
const series = (text: string) =>
  text.split(" ").map((one) => (one === "-" ? null : one === "X" ? 5 : 0));

describe("alarmState", () => {
  const treatments = ["missing", "ignore", "breaching", "notBreaching"] as const;
  // AWS, "Configuring how CloudWatch alarms treat missing data": the two tables.
  const tables: [number, string, string[]][] = [
    [3, "0 - X - X", ["OK", "OK", "OK", "OK"]],
    [3, "- - - - 0", ["OK", "OK", "OK", "OK"]],
    [3, "- - - - -", ["INSUFFICIENT_DATA", "retained", "ALARM", "OK"]],
    [3, "0 X X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    [3, "- - X - -", ["ALARM", "retained", "ALARM", "OK"]],
    [2, "0 - X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    [2, "0 0 X 0 X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    [2, "0 - X - -", ["OK", "OK", "ALARM", "OK"]],
    [2, "- - - - 0", ["OK", "OK", "ALARM", "OK"]],
    [2, "- - - X -", ["ALARM", "retained", "ALARM", "OK"]],
  ];
  for (const [datapointsToAlarm, text, states] of tables) {
    treatments.forEach((treatMissingData, index) => {
      it(`${datapointsToAlarm} of 3, ${text}, ${treatMissingData}: ${states[index]}`, () => {
        for (const current of ["OK", "ALARM", "INSUFFICIENT_DATA"] as const) {
          const { state } = alarmState(
            series(text),
            { ...rule, datapointsToAlarm, treatMissingData },
            current,
          );
          expect(state).to.equal(states[index] === "retained" ? current : states[index]);
        }
      });
    });
  }

  it("compares in all four ways", () => {
    const state = (comparison: AlarmRule["comparison"], value: number) =>
      alarmState([value, value, value, value, value], { ...rule, comparison }, "OK").state;
    expect([0, 1, 2].map((value) => state("GreaterThanThreshold", value))).to.deep.equal([
      "OK",
      "OK",
      "ALARM",
    ]);
    expect([0, 1, 2].map((value) => state("GreaterThanOrEqualToThreshold", value))).to.deep.equal([
      "OK",
      "ALARM",
      "ALARM",
    ]);
    expect([0, 1, 2].map((value) => state("LessThanThreshold", value))).to.deep.equal([
      "ALARM",
      "OK",
      "OK",
    ]);
    expect([0, 1, 2].map((value) => state("LessThanOrEqualToThreshold", value))).to.deep.equal([
      "ALARM",
      "ALARM",
      "OK",
    ]);
  });

  it("names the figures and the threshold", () => {
    expect(alarmState(series("0 0 X X X"), rule, "OK").reason).to.equal(
      "Threshold Crossed: 3 out of the last 3 datapoints [5, 5, 5] were greater than the threshold (1) " +
        "(minimum 3 datapoints for OK -> ALARM transition).",
    );
  });
});
