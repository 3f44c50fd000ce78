/** A command does not do what it was asked: a sentence for the operator. */
export class Refusal extends Error {}
