/** Thrown where a story can't go on; it ends, and what was seen until then is judged. */
export class Stuck extends Error {}
