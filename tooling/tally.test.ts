import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { describeTally, readTally, sumTallies } from './tally.ts';

function aReport(report: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'imaginarium-tally-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'report.json'), JSON.stringify(report));
  return join(folder, 'report.json');
}

test('adds up the reports of both runners', () => {
  const vitest = aReport({ numPassedTests: 5, numFailedTests: 0, numPendingTests: 2, numTodoTests: 1, success: true });
  const browser = aReport({ passed: 3, failed: 1, skipped: 0 });
  const sum = sumTallies([readTally(vitest, true), readTally(browser, false)]);
  expect(describeTally(sum)).toBe('8 passed, 1 failed, 3 skipped');
});

test('counts a run that went wrong without a failed test as one failed', () => {
  expect(readTally(aReport({ passed: 3, failed: 0, skipped: 0 }), false).failed).toBe(1);
  expect(readTally(aReport({ passed: 0, failed: 0, skipped: 0 }), true).failed).toBe(1);
  expect(readTally('/nowhere/report.json', true)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
