import { NODE_GROUPS, type NodeDescription, type NodeGroup } from '@imaginarium/protocol';

/** The node types of one group, as the palette shows them. */
export interface PaletteGroup {
  group: NodeGroup;
  types: NodeDescription[];
}

/** The newest version of each type: what can be added. */
export function newestTypes(types: readonly NodeDescription[]): NodeDescription[] {
  const newest = new Map<string, NodeDescription>();
  for (const entry of types) if ((newest.get(entry.type)?.version ?? 0) < entry.version) newest.set(entry.type, entry);
  return [...newest.values()];
}

/** The types that a search finds, the best first: every word must be in the title, the aliases, the summary or the type's name. */
export function searchTypes(types: readonly NodeDescription[], query: string): NodeDescription[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...types];
  const ranked = types.flatMap((entry) => {
    const ranks = words.map((word) => rank(entry, word));
    return ranks.includes(0) ? [] : [{ entry, rank: ranks.reduce((sum, one) => sum + one, 0) }];
  });
  return ranked.toSorted((a, b) => b.rank - a.rank).map(({ entry }) => entry);
}

/** Types in the sections of the palette, in its order; sections without types are left out. */
export function groupTypes(types: readonly NodeDescription[]): PaletteGroup[] {
  return NODE_GROUPS.map((group) => ({ group, types: types.filter((entry) => entry.group === group) })).filter(
    ({ types: inGroup }) => inGroup.length > 0,
  );
}

function rank(entry: NodeDescription, word: string): number {
  const title = entry.title.toLowerCase();
  if (title.startsWith(word)) return 5;
  if (title.includes(word)) return 4;
  if (entry.aliases?.some((alias) => alias.toLowerCase().startsWith(word))) return 3;
  if (entry.summary.toLowerCase().includes(word)) return 2;
  return entry.type.includes(word) || entry.group.includes(word) ? 1 : 0;
}
