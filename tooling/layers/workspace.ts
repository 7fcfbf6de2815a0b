import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSourceFacts, type SourceFacts } from './source-file.ts';

/** One file of a package's `src`. Paths are from the root, with `/`. */
export interface SourceFile extends SourceFacts {
  readonly path: string;
  /** Tests may import more than what ships. */
  readonly isTest: boolean;
}

/** One folder of `packages/`. */
export interface WorkspacePackage {
  /** Folder name under `packages/`. */
  readonly folder: string;
  /** Name in its package.json. */
  readonly name: string;
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
  readonly files: readonly SourceFile[];
}

/** Everything the layer rules judge. */
export interface Workspace {
  readonly packages: readonly WorkspacePackage[];
  /** The root's development packages, which every test may import. */
  readonly rootDevDependencies: ReadonlySet<string>;
}

interface Manifest {
  readonly name: string;
  readonly exports?: Record<string, unknown>;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

/** Reads `packages/*` below `root`. */
export function readWorkspace(root: string): Workspace {
  const folders = readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, 'packages', entry.name, 'package.json')))
    .map((entry) => entry.name)
    .sort();
  const packages = folders.map((folder): WorkspacePackage => {
    const manifest = readManifest(join(root, 'packages', folder, 'package.json'));
    return {
      folder,
      name: manifest.name,
      dependencies: names(manifest.dependencies, manifest.peerDependencies, manifest.optionalDependencies),
      devDependencies: names(manifest.devDependencies),
      files: readSources(root, `packages/${folder}/src`, manifest.exports?.['./testing'] !== undefined),
    };
  });
  return { packages, rootDevDependencies: names(readManifest(join(root, 'package.json')).devDependencies) };
}

/** @param shipsTesting whether the folders called `testing` are part of what is published, or help this package's own tests only. */
function readSources(root: string, folder: string, shipsTesting: boolean): SourceFile[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.(ts|tsx|mts|cts)$/.test(path))
    .sort()
    .map((path) => ({
      path,
      isTest: /\.test(-d)?\.tsx?$/.test(path) || (!shipsTesting && path.includes('/testing/')),
      ...readSourceFacts(path, readFileSync(join(root, path), 'utf8')),
    }));
}

function readManifest(path: string): Manifest {
  // Npm has already refused a package.json that is not of this shape.
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
}

function names(...groups: readonly (Record<string, string> | undefined)[]): ReadonlySet<string> {
  return new Set(groups.flatMap((group) => Object.keys(group ?? {})));
}
