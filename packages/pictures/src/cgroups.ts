import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What stands in the folder of a group of processes; undefined where it says nothing. */
type ReadGroup<Found> = (folder: string) => Found | undefined;

/**
 * Reads what the kernel holds this process to: its own group, and those around it.
 * @param root the root of the file system; another one in tests.
 * @param unified reads version 2, which has one tree for all controllers; `legacy` version 1, where each has its own.
 */
export function readGroups<Found>(
  root: string,
  controller: 'memory' | 'cpu',
  unified: ReadGroup<Found>,
  legacy: ReadGroup<Found>,
): Found[] {
  const lines = textOf(join(root, 'proc/self/cgroup'))?.split('\n') ?? [];
  return lines.flatMap((line) => {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === '' && path !== '') return groupsAbove(join(root, 'sys/fs/cgroup'), path, unified);
    if (controllers.split(',').includes(controller))
      return groupsAbove(join(root, 'sys/fs/cgroup', controller), path, legacy);
    return [];
  });
}

/** A group and all around it. In a container the path may be one that only the host knows: then the mount itself is the group. */
function groupsAbove<Found>(mount: string, path: string, read: ReadGroup<Found>): Found[] {
  const found: Found[] = [];
  for (let at = join('/', path); ; at = dirname(at)) {
    const group = read(join(mount, at));
    if (group !== undefined) found.push(group);
    if (at === '/') return found;
  }
}

/** Undefined for a file that is not there. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
