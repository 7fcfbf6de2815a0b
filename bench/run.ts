import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.ts';
import type { BenchRow, BenchSuite } from './row.ts';
import { formatRows } from './table.ts';

/** `npm run bench -- [suite ...] [--json FILE] [--smoke]`: measures the named suites, or all, and prints what came out. */
const suitesFolder = fileURLToPath(new URL('./suites', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, smoke: { type: 'boolean', default: false } },
});

const known = existsSync(suitesFolder)
  ? readdirSync(suitesFolder)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => file.slice(0, -'.ts'.length))
      .sort()
  : [];
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`bench: expected suites of ${known.join(', ') || 'none yet'}, received ${unknown.join(', ')}`);
  process.exit(2);
}

const machine = describeMachine();
console.log(
  `${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.platform}, Node ${machine.node}`,
);
console.log(values.smoke ? 'one quick turn: the figures mean little' : 'full measurement');

const rows: BenchRow[] = [];
const unfinished: string[] = [];
for (const name of positionals.length > 0 ? positionals : known) {
  const measured = await measure(name);
  console.log(`\n${name}\n${formatRows(measured)}`);
  rows.push(...measured);
}
if (known.length === 0) console.log('\nThere is no suite in bench/suites yet.');

if (values.json !== undefined) {
  const file = resolve(values.json);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ machine, smoke: values.smoke, rows }, null, 2)}\n`);
}
// A quick turn on a busy machine misses targets that a full measurement reaches, so there only a crash counts.
const missed = values.smoke ? [] : rows.filter((row) => !row.ok);
process.exitCode = unfinished.length + missed.length === 0 ? 0 : 1;

/** A suite that throws becomes a row that is not ok, so that the others still run. */
async function measure(name: string): Promise<readonly BenchRow[]> {
  try {
    // What a file of this folder exports is its promise; one that breaks it lands in the catch below.
    const suite = (await import(pathToFileURL(join(suitesFolder, `${name}.ts`)).href)) as BenchSuite;
    return (await suite.rows({ smoke: values.smoke })).map((row) => ({ ...row, name: `${name}: ${row.name}` }));
  } catch (error) {
    console.error(error);
    unfinished.push(name);
    return [{ name: `${name}: did not finish`, value: 0, unit: '', target: null, ok: false }];
  }
}
