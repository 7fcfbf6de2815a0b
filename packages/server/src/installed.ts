import type { PackageFolder } from './packages.ts';

/** What is installed beside the server. */
export interface Installed {
  packages: readonly PackageFolder[];
  /** The version of Imaginarium. */
  version: string;
  /** The built editor; null when there is none. */
  editorFolder: string | null;
}
