import jsep, { type Expression } from "jsep";
import { messageOf } from "../../../provider/messageOf.ts";
import { AwsError } from "../awsError.ts";

/** A number, or a figure for each period; null where there is none. */
export type Operand = number | (number | null)[];

/**
 * Evaluates a metric math expression, period by period. A period in which an operand has no figure has no result.
 *
 * @param lookUp - a query's figures by its id, all of one length; undefined when there is no such query.
 * @throws AwsError ValidationError, for a broken expression or a function that is not rehearsed.
 */
export function evaluateExpression(
  expression: string,
  lookUp: (id: string) => Operand | undefined,
): Operand {
  let parsed: Expression;
  try {
    parsed = jsep(expression);
  } catch (error) {
    throw invalid(expression, messageOf(error));
  }
  return new Evaluation(expression, lookUp).evaluate(parsed);
}

/** @throws AwsError ValidationError. */
function invalid(expression: string, why: string): AwsError {
  return new AwsError("ValidationError", `Error in expression '${expression}': ${why}`);
}

const binary: Record<string, (a: number, b: number) => number> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
  "<": (a, b) => Number(a < b),
  "<=": (a, b) => Number(a <= b),
  ">": (a, b) => Number(a > b),
  ">=": (a, b) => Number(a >= b),
  "==": (a, b) => Number(a === b),
  "!=": (a, b) => Number(a !== b),
  "&&": (a, b) => Number(a !== 0 && b !== 0),
  "||": (a, b) => Number(a !== 0 || b !== 0),
};
jsep.addBinaryOp("AND", 2);
jsep.addBinaryOp("OR", 1);
const spelledOut: Record<string, string> = { AND: "&&", OR: "||" };

/** Functions that make one number of a series. */
const reductions: Record<string, (values: number[]) => number> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  AVG: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
};

class Evaluation {
  readonly #expression: string;
  readonly #lookUp: (id: string) => Operand | undefined;

  constructor(expression: string, lookUp: (id: string) => Operand | undefined) {
    this.#expression = expression;
    this.#lookUp = lookUp;
  }

  evaluate(node: Expression): Operand {
    if (isNode<jsep.Literal>(node, "Literal") && typeof node.value === "number") return node.value;
    if (isNode<jsep.Identifier>(node, "Identifier")) {
      const value = this.#lookUp(node.name);
      if (value === undefined) throw this.#error(`there is no query with the id ${node.name}`);
      return value;
    }
    if (isNode<jsep.UnaryExpression>(node, "UnaryExpression") && node.operator === "-") {
      return combine([this.evaluate(node.argument)], ([a = 0]) => -a);
    }
    if (isNode<jsep.BinaryExpression>(node, "BinaryExpression", "LogicalExpression")) {
      const { operator } = node;
      const apply = binary[spelledOut[operator] ?? operator];
      if (!apply) throw this.#error(`the operator ${operator} is not rehearsed`);
      return combine([this.evaluate(node.left), this.evaluate(node.right)], ([a = 0, b = 0]) =>
        apply(a, b),
      );
    }
    if (isNode<jsep.CallExpression>(node, "CallExpression")) {
      const { callee } = node;
      if (isNode<jsep.Identifier>(callee, "Identifier")) {
        return this.#call(callee.name.toUpperCase(), node.arguments);
      }
    }
    throw this.#error(`a ${node.type} is not rehearsed`);
  }

  #call(name: string, nodes: Expression[]): Operand {
    if (name === "FILL") return this.#fill(nodes);
    const values = nodes.map((node) => this.evaluate(node));
    const [first = 0] = values;
    if (name === "IF") return choose(values);
    if (name === "ABS") return combine([first], ([a = 0]) => Math.abs(a));
    const reduce = reductions[name];
    if (!reduce) {
      const known = ["ABS", "FILL", "IF", ...Object.keys(reductions)].join(", ");
      throw this.#error(`the function ${name} is not rehearsed; known are ${known}`);
    }
    // Of several series, each period's figures are taken together; of one, all its periods.
    if (values.length > 1) return combine(values, reduce);
    const present = typeof first === "number" ? [first] : first.filter((value) => value !== null);
    if (present.length === 0) return typeof first === "number" ? first : first.map(() => null);
    return reduce(present);
  }

  #fill([series, filling]: Expression[]): Operand {
    if (!series || !filling) throw this.#error("FILL needs a series and a filling");
    const values = this.evaluate(series);
    if (typeof values === "number") return values;
    const mode = isNode<jsep.Identifier>(filling, "Identifier") ? filling.name : "";
    if (mode === "REPEAT") {
      let last: number | null = null;
      return values.map((value) => {
        last = value ?? last;
        return last;
      });
    }
    if (mode === "LINEAR") {
      throw this.#error("FILL with LINEAR is not rehearsed; REPEAT and a number are");
    }
    const by = this.evaluate(filling);
    return values.map(
      (value, index) => value ?? (typeof by === "number" ? by : (by[index] ?? null)),
    );
  }

  #error(why: string): AwsError {
    return invalid(this.#expression, why);
  }
}

// The caller knows the node by its type; jsep tells no more than that.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
function isNode<T extends Expression>(node: Expression, ...types: string[]): node is T {
  return types.includes(node.type);
}

/** Element by element; without a figure for one operand there is none for the result. */
function combine(operands: Operand[], apply: (values: number[]) => number): Operand {
  const length = seriesLength(operands);
  const at = (index: number): number | null => {
    const values = operands.map((operand) =>
      typeof operand === "number" ? operand : (operand[index] ?? null),
    );
    if (values.some((value) => value === null)) return null;
    const result = apply(values.filter((value) => value !== null));
    return Number.isFinite(result) ? result : null;
  };
  if (length === null) return at(0) ?? Number.NaN;
  return Array.from({ length }, (_, index) => at(index));
}

/** IF: only the branch that is chosen needs a figure. */
function choose(operands: Operand[]): Operand {
  const length = seriesLength(operands);
  const at = (operand: Operand | undefined, index: number) =>
    typeof operand === "number" ? operand : (operand?.[index] ?? null);
  const [condition, then, otherwise] = operands;
  const pick = (index: number) => {
    const value = at(condition, index);
    return value === null ? null : at(value === 0 ? otherwise : then, index);
  };
  if (length === null) return pick(0) ?? Number.NaN;
  return Array.from({ length }, (_, index) => pick(index));
}

function seriesLength(operands: Operand[]): number | null {
  const series = operands.find((operand) => typeof operand !== "number");
  return series ? series.length : null;
}
