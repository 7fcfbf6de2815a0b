import type { NodeDescription } from './node-description.ts';

/**
 * The versions that a node goes through when it is upgraded, the last one being the newest it can reach; empty when there is no way on from
 * its version. A version that takes over its params directly is reached directly.
 * @param versions the installed versions of its type.
 * @param from the version it was saved with, installed or not.
 */
export function upgradePath(versions: readonly NodeDescription[], from: number): number[] {
  const sources = new Map(versions.map(({ version, upgradesFrom = [] }) => [version, upgradesFrom]));
  const pathTo = (target: number): number[] | undefined => {
    const before = sources.get(target) ?? [];
    if (before.includes(from)) return [target];
    const between = before.filter((version) => version > from && version < target).toSorted((a, b) => b - a);
    for (const version of between) {
      const path = pathTo(version);
      if (path) return [...path, target];
    }
    return undefined;
  };
  const newer = [...sources.keys()].filter((version) => version > from).toSorted((a, b) => b - a);
  for (const target of newer) {
    const path = pathTo(target);
    if (path) return path;
  }
  return [];
}
