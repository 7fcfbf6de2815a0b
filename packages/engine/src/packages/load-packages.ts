import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ModelEntry, NodeDefinition, NodePackageEntry } from '@imaginarium/node-sdk';
import { modelEntrySchema, nodeDescriptionSchema } from '@imaginarium/protocol';
import type { NodeRegistry } from './node-registry.ts';
import { type PackageFile, parsePackageFile } from './package-file.ts';

/** Which file of a package to import: the built one, or in a checkout the source. */
export type ChooseEntry = (folder: string, entry: string) => string;

/**
 * Loads node packages from their folders into a registry. A package that cannot be loaded is listed with its error; the others, and the
 * server, go on.
 */
export async function loadPackages(
  registry: NodeRegistry,
  folders: readonly string[],
  chooseEntry: ChooseEntry = (_folder, entry) => entry,
): Promise<void> {
  for (const folder of folders) {
    let source = { name: folder, version: '0.0.0' };
    try {
      const file = await readPackageFile(folder);
      source = { name: file.name, version: file.version };
      const { nodes, models } = await importPackage(folder, chooseEntry(folder, file.imaginarium.entry));
      registry.add(source, nodes, models);
    } catch (error) {
      registry.addFailure(source, error instanceof Error ? error.message : String(error));
    }
  }
}

/**
 * Reads a package's package.json, before any of its code is executed.
 * @throws {Error} that says what is missing or wrong.
 */
export async function readPackageFile(folder: string): Promise<PackageFile> {
  const path = join(folder, 'package.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new Error(`There is no package.json in ${folder}.`, { cause: error });
  }
  return parsePackageFile(text);
}

/**
 * Imports the node types of a package. A file that was imported before is not read again.
 * @param entry relative to the folder.
 * @throws {Error} that says what is wrong with the entry or a description; what the package itself throws.
 */
export async function importNodes(folder: string, entry: string): Promise<readonly NodeDefinition[]> {
  return (await importPackage(folder, entry)).nodes;
}

async function importPackage(folder: string, entry: string): Promise<NodePackageEntry> {
  const root = await realpath(folder);
  const path = await realpath(resolve(root, entry)).catch((error: unknown) => {
    throw new Error(`The entry ${entry} does not exist. Build the package first.`, { cause: error });
  });
  if (/^\.\.([/\\]|$)/.test(relative(root, path)) || isAbsolute(relative(root, path)))
    throw new Error(`The entry ${entry} lies outside the package.`);
  const module: { default?: NodePackageEntry } = await import(pathToFileURL(path).href);
  const { nodes, models } = module.default ?? {};
  if (!Array.isArray(nodes)) throw new Error(`${entry} must export definePackage({ nodes: [...] }) by default.`);
  for (const node of nodes) checkDescription(node);
  for (const model of models?.catalogue ?? []) checkModel(model);
  return { nodes, ...(models ? { models } : {}) };
}

function checkModel(model: ModelEntry): void {
  const [issue] = modelEntrySchema.safeParse(model).error?.issues ?? [];
  if (issue) throw new Error(`The model ${model?.name} is wrong at ${issue.path.join('.')}: ${issue.message}.`);
}

function checkDescription(node: NodeDefinition): void {
  const parsed = nodeDescriptionSchema.safeParse(node?.description);
  const functions = ['credits', 'resources', 'yields', 'fingerprint', 'execute'] as const;
  if (parsed.success && functions.some((name) => typeof node[name] !== 'function'))
    throw new Error(`${node.description.type} was not made with defineNode.`);
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  const type = node?.description?.type ?? 'a node without a type';
  // For a wrong name of a port zod says which one at this level, and why one level below.
  const message = issue?.code === 'invalid_key' ? issue.issues[0]?.message : issue?.message;
  throw new Error(`The description of ${type} is wrong at ${issue?.path.join('.') || 'its top'}: ${message}.`);
}
