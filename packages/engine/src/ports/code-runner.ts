import type { CodeOutcome, CodeProgram } from '@imaginarium/node-sdk';

/** Runs code that people wrote into a workflow: expressions that are more than a path, and code nodes. */
export interface CodeRunner {
  /**
   * Runs a program where it reaches nothing but its own rows, and shares nothing with programs of other workspaces.
   * @throws {NonRetryableError} when the whole program fails: it took too long or too much memory, or never ended; the signal's reason when it was aborted.
   */
  run(workspaceId: string, program: CodeProgram, signal: AbortSignal): Promise<CodeOutcome>;
}
