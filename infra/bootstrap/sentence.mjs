/** A fault that one sentence explains; printed without a stack. */
export class Sentence extends Error {}
