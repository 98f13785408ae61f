import type { Problem } from '../items.ts';

/** Ends an upload in parts from within one of its requests. */
export class Failed extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.kind);
    this.problem = problem;
  }
}
