/** What an intercepted call ends with when nobody is there to answer it: its connection is cut. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}
