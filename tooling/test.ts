import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromiumRemedy, findChromium } from '../tests/services/chromium.ts';
import { missingBuilds } from './build.ts';
import { checkSteps } from './check.ts';
import { root } from './root.ts';
import { servicesStep } from './services.ts';
import { besides, command, describeResult, runSteps } from './step.ts';
import { describeTally, readTally, sumTallies, type Tally } from './tally.ts';

/** `npm test`: brings the services, builds, checks, and runs every test there is. The last line says how many went how. */
const artifacts = join(root, 'artifacts');
const unitReport = join(artifacts, 'vitest.json');
const browserReport = join(artifacts, 'e2e.json');
const browserRun = 'tests/e2e/run.ts';

mkdirSync(artifacts, { recursive: true });
for (const report of [unitReport, browserReport]) rmSync(report, { force: true });

const prepared = await runSteps([servicesStep]);
const built = await runSteps(missingBuilds());
const checked = await runSteps(checkSteps);
const unitTests = await runSteps([
  command('unit and integration tests (vitest)', 'vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${unitReport}`,
  ]),
]);
// A browser waits much, and of the benches this only says that they go through.
const [browserTests, benched] = await Promise.all([
  runSteps(hasBrowserTests() ? [command('browser tests', 'node', [browserRun])] : []),
  runSteps([besides('benches, one quick turn', 'node', ['bench/run.ts', '--smoke'])]),
]);

const others = [...prepared, ...built, ...checked, ...benched];
const tally = sumTallies([
  ...unitTests.map((result) => readTally(unitReport, result.ok)),
  ...browserTests.map((result) => readTally(browserReport, result.ok)),
  ...others.filter((result) => !result.ok).map((): Tally => ({ passed: 0, failed: 1, skipped: 0 })),
  ...(browserTests.length === 0 ? [{ passed: 0, failed: 0, skipped: 1 }] : []),
]);

const results = [...prepared, ...built, ...checked, ...unitTests, ...browserTests, ...benched];
console.log(`\n${results.map(describeResult).join('\n')}\n`);
console.log(describeTally(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;

/** Without them the run goes on, counts one test as skipped and says why. */
function hasBrowserTests(): boolean {
  if (!existsSync(join(root, browserRun))) console.warn(`\nThere is no ${browserRun}: the browser tests are left out.`);
  else if (findChromium() === null) console.warn(`\nThe browser tests are left out. ${chromiumRemedy}`);
  else return true;
  return false;
}
