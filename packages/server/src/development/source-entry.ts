import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Folders that compilers write to. */
const BUILT = /^(?:\.\/)?(?:dist|lib|build|out)\/(.+)\.m?js$/;

/**
 * The file of a package to load while it is developed: the TypeScript source of its entry where there is one, `src/index.ts` for
 * `dist/index.js`, so that nothing has to be built; else the entry itself.
 */
export function sourceEntry(folder: string, entry: string): string {
  const built = BUILT.exec(entry)?.[1];
  const source = built && [`./src/${built}.ts`, `./src/${built}.mts`].find((path) => existsSync(join(folder, path)));
  return source ?? entry;
}
