import type { Json, JsonObject, LogLevel } from '@imaginarium/protocol';

/** Code that people wrote into a workflow, to be called once for each row of data. */
export interface CodeProgram {
  /** `expressions`: each source is one JavaScript expression. `function`: each is the body of an asynchronous function. */
  kind: 'expressions' | 'function';
  language: 'javascript' | 'typescript';
  sources: readonly string[];
  /** Values that every row sees, by the name the code knows them by. */
  shared: JsonObject;
  /** Values by name, the same names in each. */
  rows: readonly JsonObject[];
}

/** What one source gave for one row: a value, or what went wrong, in a sentence. */
export type CodeResult = { value: Json } | { error: string };

export interface CodeOutcome {
  /** By row, then by source. */
  results: CodeResult[][];
  /** What the code wrote to its console. */
  logs: { level: LogLevel; message: string }[];
}

/** Runs code that people wrote, where it reaches nothing but the values it is given. */
export interface NodeCode {
  /**
   * Calls one function body for each row, one after the other; what it writes to its console goes to the log of the run. Beside the
   * values of its row the code sees `run` and `vars`.
   * @throws {NonRetryableError} when it takes too long or too much memory, and gives nothing for any row.
   */
  run(
    source: string,
    rows: readonly JsonObject[],
    options: { language: CodeProgram['language'] },
  ): Promise<CodeResult[]>;
}
