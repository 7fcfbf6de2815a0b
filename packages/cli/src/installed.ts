import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PackageFolder, packageIn } from '@imaginarium/server/packages';

/** The node packages that come with the command line. Others are named by the setting IMAGINARIUM_NODE_PACKAGES. */
const BUNDLED_PACKAGES = ['@imaginarium/nodes-base', '@imaginarium/nodes-upscaler'];

/** The version of this command line. */
export const VERSION: string = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;

/** The folders of all node packages to load. They are found by name and loaded by their manifest, never imported here. */
export async function nodePackages(further: readonly string[]): Promise<PackageFolder[]> {
  return [...BUNDLED_PACKAGES.map(bundledPackage), ...(await Promise.all(further.map(packageIn)))];
}

/** The built editor; null in a checkout where it is not built yet. */
export function editorFolder(): string | null {
  const manifest = createRequire(import.meta.url).resolve('@imaginarium/editor-ui/package.json');
  const folder = join(dirname(manifest), 'dist');
  return existsSync(join(folder, 'index.html')) ? folder : null;
}

function bundledPackage(name: string): PackageFolder {
  // Resolves to the compiled entry, or in a checkout that is run from source to the source.
  const entry = fileURLToPath(import.meta.resolve(name));
  let folder = dirname(entry);
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return { folder, entry: `./${relative(folder, entry)}` };
}
