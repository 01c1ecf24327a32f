/** Where the settings are read, as far as the checks need it. */
export interface Surroundings {
  /** Absolute path of the project: build contexts are relative to it. */
  readonly root: string;
  /** On the target's cloud. Undefined where it is missing, which is a problem of its own. */
  readonly region: string | undefined;
}
