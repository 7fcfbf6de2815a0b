import type { PackageManifest } from '@imaginarium/node-sdk';

/** What is read of a node package's package.json, before any of its code is. */
export interface PackageFile {
  name: string;
  version: string;
  imaginarium: PackageManifest;
}

/** The version of the interface between engine and node packages. */
const API = 1;

/**
 * Reads a node package's package.json.
 * @throws {Error} that says which field is missing or wrong.
 */
export function parsePackageFile(text: string): PackageFile {
  let file: Partial<PackageFile>;
  try {
    file = JSON.parse(text);
  } catch (error) {
    throw new Error('package.json is not JSON.', { cause: error });
  }
  if (typeof file !== 'object' || file === null) throw new Error('package.json is not an object.');
  const { name, version, imaginarium } = file;
  if (typeof name !== 'string') throw new Error('package.json has no name.');
  if (typeof version !== 'string') throw new Error('package.json has no version.');
  if (typeof imaginarium !== 'object' || imaginarium === null)
    throw new Error('package.json has no "imaginarium" field: it is not a node package.');
  if (imaginarium.api !== API)
    throw new Error(`imaginarium.api: this server speaks ${API}, the package ${JSON.stringify(imaginarium.api)}.`);
  if (typeof imaginarium.entry !== 'string') throw new Error('imaginarium.entry: expected the file to import.');
  const { net = [], fs = [], exec = [] } = imaginarium.permissions ?? {};
  for (const [what, wanted] of Object.entries({ net, fs, exec }))
    if (!Array.isArray(wanted) || !wanted.every((entry) => typeof entry === 'string'))
      throw new Error(`imaginarium.permissions.${what}: expected a list of texts, received ${JSON.stringify(wanted)}.`);
  return { name, version, imaginarium: { api: API, entry: imaginarium.entry, permissions: { net, fs, exec } } };
}
