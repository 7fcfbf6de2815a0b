import { createContext, Script } from 'node:vm';
import type { Json, JsonObject } from '@imaginarium/protocol';
import type { CodeOutcome, CodeProgram, CodeResult, NodeCode } from '../code.ts';

/** Runs code for tests, in this process and with no protection at all: for code that the test itself wrote. */
export class TestCode implements NodeCode {
  async run(source: string, rows: readonly JsonObject[]): Promise<CodeResult[]> {
    const shared = { run: {}, vars: {} };
    const program = { kind: 'function', language: 'javascript', sources: [source], shared, rows } as const;
    return (await this.evaluate(program)).results.flat();
  }

  /** Runs a whole program; what it writes to its console is not kept. */
  async evaluate({ kind, sources, shared, rows }: CodeProgram): Promise<CodeOutcome> {
    const results: CodeResult[][] = [];
    for (const row of rows) {
      const line: CodeResult[] = [];
      for (const source of sources) line.push(await resultOf(source, kind, { ...shared, ...row }));
      results.push(line);
    }
    return { results, logs: [] };
  }
}

async function resultOf(source: string, kind: CodeProgram['kind'], values: JsonObject): Promise<CodeResult> {
  const text = kind === 'function' ? `(async () => {\n${source}\n})()` : `(\n${source}\n)`;
  try {
    const value: unknown = await new Script(text).runInContext(createContext({ ...structuredClone(values), console }));
    return { value: JSON.parse(JSON.stringify(value) ?? 'null') as Json };
  } catch (error) {
    return { error: String(error) };
  }
}
