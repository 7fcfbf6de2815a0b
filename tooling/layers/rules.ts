import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { findCycles } from './cycles.ts';
import type { ImportedModule } from './source-file.ts';
import { environmentReaders, type Layer, orderedRooms, sharedTestFolders } from './table.ts';
import type { SourceFile, Workspace, WorkspacePackage } from './workspace.ts';

/** A line that stands in the wrong room, or a package the table does not know. */
export interface Violation {
  /** `path:line`, or a package's folder. */
  readonly where: string;
  readonly message: string;
}

const builtins = new Set(builtinModules);

/** Holds a workspace against the table of layers. An empty answer means that all is well. */
export function findViolations(workspace: Workspace, table: Readonly<Record<string, Layer>>): Violation[] {
  const violations: Violation[] = [];
  for (const folder of Object.keys(table)) {
    if (!workspace.packages.some((one) => one.folder === folder)) {
      violations.push({
        where: `packages/${folder}`,
        message: 'is in the table of layers, but there is no such package.',
      });
    }
  }
  for (const one of workspace.packages) {
    const layer = table[one.folder];
    if (layer === undefined) {
      const message = 'is not in the table of layers: say in tooling/layers/table.ts what it may import.';
      violations.push({ where: `packages/${one.folder}`, message });
      continue;
    }
    for (const file of one.files) violations.push(...judgeFile(workspace, one, layer, file));
  }
  if (workspace.packages.every((one) => one.files.length === 0)) {
    violations.push({ where: 'packages', message: 'holds no source file: the check looked at nothing.' });
  }
  return [
    ...violations,
    ...findFileCycles(workspace),
    ...orderedRooms.flatMap((room) => findFolderCycles(workspace, room)),
  ];
}

function judgeFile(workspace: Workspace, one: WorkspacePackage, layer: Layer, file: SourceFile): Violation[] {
  const violations: Violation[] = [];
  for (const imported of file.imports) {
    const message = judgeImport(workspace, one, layer, file, imported);
    if (message !== null) violations.push({ where: `${file.path}:${imported.line}`, message });
  }
  if (!file.isTest && !environmentReaders.some((place) => isUnder(file.path, place))) {
    const message = `reads process.env. Only ${environmentReaders.join(' and ')} may: take the value as an argument.`;
    violations.push(...file.environmentLines.map((line) => ({ where: `${file.path}:${line}`, message })));
  }
  return violations;
}

function judgeImport(
  workspace: Workspace,
  one: WorkspacePackage,
  layer: Layer,
  file: SourceFile,
  { specifier, typeOnly }: ImportedModule,
): string | null {
  if (specifier.startsWith('.')) return judgeRelative(one, file, specifier);
  const name = packageName(specifier);
  if (specifier.startsWith('node:') || builtins.has(name)) return judgeBuiltin(one, layer, file, specifier);
  if (name === one.name) return `imports its own package "${specifier}": import the file that holds the thing.`;
  const own = workspace.packages.find((other) => other.name === name);
  if (own !== undefined && !file.isTest && !layer.own.includes(own.folder)) {
    const allowed = layer.own.length === 0 ? 'no own package' : layer.own.join(', ');
    return `imports "${specifier}", but ${one.folder} may know ${allowed}.`;
  }
  if (!isListed(workspace, one, file, name, typeOnly)) {
    return `imports "${specifier}", which packages/${one.folder}/package.json does not list.`;
  }
  if (own === undefined && !file.isTest && layer.outside !== 'listed' && !layer.outside.includes(name)) {
    const allowed = layer.outside.length === 0 ? 'no outside package' : `only ${layer.outside.join(', ')}`;
    return `imports "${specifier}", but ${one.folder} may know ${allowed}.`;
  }
  return null;
}

function judgeRelative(one: WorkspacePackage, file: SourceFile, specifier: string): string | null {
  const target = resolveRelative(file.path, specifier);
  if (target.startsWith(`packages/${one.folder}/`)) return null;
  if (file.isTest && sharedTestFolders.some((folder) => target.startsWith(folder))) return null;
  return `reaches out of its package with "${specifier}": import the package by its name.`;
}

function judgeBuiltin(one: WorkspacePackage, layer: Layer, file: SourceFile, specifier: string): string | null {
  if (file.isTest || layer.builtins === 'any') return null;
  const name = specifier.replace(/^node:/, '');
  const inPackage = file.path.slice(`packages/${one.folder}/`.length);
  const exceptions = (layer.files ?? []).filter((exception) => isUnder(inPackage, exception.under));
  const allowed = exceptions.some((exception) => exception.builtins === 'any' || exception.builtins.includes(name));
  if (allowed || layer.builtins.includes(name)) return null;
  return `imports "${specifier}", which ${one.folder} may not know here: take what it does as an argument.`;
}

/** What ships needs a dependency; a type is gone when it ships, and a test may use what only development has. */
function isListed(
  workspace: Workspace,
  one: WorkspacePackage,
  file: SourceFile,
  name: string,
  typeOnly: boolean,
): boolean {
  if (one.dependencies.has(name)) return true;
  if ((typeOnly || file.isTest) && (one.devDependencies.has(name) || one.devDependencies.has(`@types/${name}`)))
    return true;
  return file.isTest && workspace.rootDevDependencies.has(name);
}

/** Circles of types cost nothing at run time, so only imports that stay count. */
function findFileCycles(workspace: Workspace): Violation[] {
  const edges = new Map<string, readonly string[]>();
  for (const file of workspace.packages.flatMap((one) => one.files)) {
    const stays = file.imports.filter((imported) => imported.specifier.startsWith('.') && !imported.typeOnly);
    edges.set(
      file.path,
      stays.map((imported) => resolveRelative(file.path, imported.specifier)),
    );
  }
  return findCycles(edges).map((cycle) => ({
    where: cycle[0] ?? '',
    message: `imports itself in a circle: ${[...cycle, cycle[0]].join(' -> ')}.`,
  }));
}

/** Folders that import each other are one folder in the reader's head, so here imports of types count as well. Tests may look anywhere. */
function findFolderCycles(workspace: Workspace, room: string): Violation[] {
  const folderOf = (path: string) =>
    path.startsWith(room) ? path.slice(room.length).split('/').slice(0, -1)[0] : undefined;
  const edges = new Map<string, string[]>();
  for (const file of workspace.packages.flatMap((one) => one.files)) {
    const from = folderOf(file.path);
    if (from === undefined || file.isTest) continue;
    const relative = file.imports.filter(({ specifier }) => specifier.startsWith('.'));
    const into = relative.flatMap(({ specifier }) => folderOf(resolveRelative(file.path, specifier)) ?? []);
    edges.set(from, [...(edges.get(from) ?? []), ...into.filter((to) => to !== from)]);
  }
  return findCycles(edges).map((cycle) => ({
    where: room,
    message: `has folders that import each other in a circle: ${[...cycle, cycle[0]].join(' -> ')}.`,
  }));
}

function resolveRelative(from: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(from), specifier));
}

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function isUnder(path: string, place: string): boolean {
  return place.endsWith('/') ? path.startsWith(place) : path === place;
}
