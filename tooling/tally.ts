import { readFileSync } from 'node:fs';

/** How many tests went how. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The sum of tallies. */
export function sumTallies(tallies: readonly Tally[]): Tally {
  const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** The closing line that people and machines read. */
export function describeTally({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * What a test runner left in its JSON file: vitest's report or a tally as it is. A run that went wrong without a failed
 * test, such as a file that could not be loaded or no report at all, counts as one failed.
 */
export function readTally(reportFile: string, exitedWell: boolean): Tally {
  const tally = tallyOf(readReport(reportFile));
  return tally.failed === 0 && (!exitedWell || tally.passed === 0) ? { ...tally, failed: 1 } : tally;
}

function tallyOf(report: Record<string, unknown>): Tally {
  const count = (key: string) => (typeof report[key] === 'number' ? report[key] : 0);
  return {
    passed: count('passed') + count('numPassedTests'),
    failed: count('failed') + count('numFailedTests'),
    skipped: count('skipped') + count('numPendingTests') + count('numTodoTests'),
  };
}

function readReport(path: string): Record<string, unknown> {
  try {
    const report: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof report === 'object' && report !== null ? { ...report } : {};
  } catch {
    return {};
  }
}
