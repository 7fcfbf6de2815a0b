import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A build: what goes in, what comes out, and the file that remembers which input the output belongs to. */
export interface BuildTarget {
  /** Files and folders, read with everything below them. One that does not exist counts as empty. */
  readonly inputs: readonly string[];
  /** Files that the build leaves behind. */
  readonly outputs: readonly string[];
  readonly stampFile: string;
}

/** Whether the outputs exist and belong to the inputs as they are now, judged by names, sizes and times of change. */
export function isBuilt(target: BuildTarget): boolean {
  if (!target.outputs.every((path) => existsSync(path)) || !existsSync(target.stampFile)) return false;
  return readFileSync(target.stampFile, 'utf8') === fingerprint(target.inputs);
}

/** Remembers that the outputs belong to inputs with this fingerprint. Take it before the build starts. */
export function rememberBuild(target: BuildTarget, inputs: string): void {
  mkdirSync(dirname(target.stampFile), { recursive: true });
  writeFileSync(target.stampFile, inputs);
}

/** A hash over the path, size and time of change of every file in these places. It does not read the files. */
export function fingerprint(places: readonly string[]): string {
  const hash = createHash('sha256');
  for (const place of places) addPlace(place);
  return hash.digest('hex');

  function addPlace(path: string): void {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (!stats.isDirectory()) {
      hash.update(`${path}\0${stats.size}\0${stats.mtimeMs}\n`);
      return;
    }
    for (const name of readdirSync(path).sort()) addPlace(join(path, name));
  }
}
