import { expect } from "chai";
import {
  evaluateExpression,
  type Operand,
} from "../../../rehearsal/cloud/cloudwatch/metricMath.ts";

describe("evaluateExpression", () => {
  const queries: Record<string, Operand> = {
    m1: [1, 2, null, 4],
    m2: [2, null, null, 8],
    zero: [0, 0, 0, 0],
    none: [null, null, null, null],
  };
  const table: [string, Operand][] = [
    ["m1", [1, 2, null, 4]],
    ["m1 + m2", [3, null, null, 12]],
    ["100 * m1 / m2", [50, null, null, 50]],
    ["m1 / zero", [null, null, null, null]],
    ["-(m1 - 1) ", [-0, -1, null, -3]],
    ["FILL(m2, 0) + 1", [3, 1, 1, 9]],
    ["FILL(m1, REPEAT)", [1, 2, 2, 4]],
    ["m1 / FILL(m2, m1)", [0.5, 1, null, 0.5]],
    ["IF(m1 > 1, m1, 0)", [0, 2, null, 4]],
    ["IF(FILL(m2, 0) > 0, m1 / m2, 0)", [0.5, 0, 0, 0.5]],
    ["m1 >= 2 AND m1 < 4", [0, 1, null, 0]],
    ["m1 == 1 || m1 == 4", [1, 0, null, 1]],
    ["SUM(m1)", 7],
    ["MAX(m1) - MIN(m1)", 3],
    ["AVG(m2)", 5],
    ["ABS(0 - m1)", [1, 2, null, 4]],
    ["SUM(none)", [null, null, null, null]],
    ["2 ^ 3", 8],
  ];
  for (const [expression, expected] of table) {
    it(`${expression} → ${JSON.stringify(expected)}`, () => {
      expect(evaluateExpression(expression, (id) => queries[id])).to.deep.equal(expected);
    });
  }

  const refusals: [string, string][] = [
    ["m1 +", "Error in expression 'm1 +'"],
    ["other", "no query with the id other"],
    [
      "ANOMALY_DETECTION_BAND(m1)",
      "function ANOMALY_DETECTION_BAND is not rehearsed; known are ABS",
    ],
    ["m1.a", "MemberExpression is not rehearsed"],
    ["m1 % 2", "operator % is not rehearsed"],
  ];
  for (const [expression, message] of refusals) {
    it(`refuses ${expression}`, () => {
      expect(() => evaluateExpression(expression, (id) => queries[id])).to.throw(message);
    });
  }
});
