import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadPackages, NodeRegistry } from '@imaginarium/engine';

/** A node package's folder, and the file in it to import. */
export interface PackageFolder {
  folder: string;
  entry: string;
}

/** A node package that is installed in a folder: its entry is the one its package.json names. */
export async function packageIn(folder: string): Promise<PackageFolder> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
  let entry: unknown;
  try {
    entry = JSON.parse(text)?.imaginarium?.entry;
  } catch {
    // What is wrong with the package is said when it is loaded.
  }
  return { folder, entry: typeof entry === 'string' ? entry : './index.js' };
}

/** Loads node packages into a registry; those that cannot be loaded are listed there with their errors. */
export async function openRegistry(packages: readonly PackageFolder[]): Promise<NodeRegistry> {
  const registry = new NodeRegistry();
  const entries = new Map(packages.map(({ folder, entry }) => [folder, entry]));
  await loadPackages(registry, [...entries.keys()], (folder, entry) => entries.get(folder) ?? entry);
  return registry;
}
