/** What is promised of every release; a sabotage names the promise that has to break. */
export type Promised =
  | "outcome"
  | "gate"
  | "no request lost"
  | "no defective answer"
  | "detected in time"
  | "enough requests"
  | "answers name their release"
  | "one release at rest"
  | "live resources untouched"
  | "a clear error"
  | "nothing left to change"
  | "nothing left behind"
  | "no secret in plain text"
  /** What a story looks at by itself. */
  | "as told";
