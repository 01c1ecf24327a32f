/** Real milliseconds by which two processes may tell different times of one moment; later makes a run invalid. */
export const settleMs = 250;
