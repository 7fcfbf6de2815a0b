import type { NodeDefinition } from './define-node.ts';
import type { ModelKit } from './model-kit.ts';

/** What the entry of a node package exports by default. */
export interface NodePackageEntry {
  readonly nodes: readonly NodeDefinition[];
  /** Models that its nodes work with; only packages that are trusted have them managed. */
  readonly models?: ModelKit;
}

/** Declares what a node package brings: `export default definePackage({ nodes: [sepia] })`. */
export function definePackage(entry: NodePackageEntry): NodePackageEntry {
  return entry;
}

/** The `imaginarium` field of a node package's package.json: read before any of its code is executed. */
export interface PackageManifest {
  api: 1;
  /** The file to import, relative to the package: `./dist/index.js`. */
  entry: string;
  /** What the package asks to reach: hosts, folders, programs. */
  permissions: { net: string[]; fs: string[]; exec: string[] };
}
