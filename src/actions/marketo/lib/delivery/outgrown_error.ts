/** While a call waited for its turn, the run has learned that it is too large. */
export class OutgrownError extends Error {}
