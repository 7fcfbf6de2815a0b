/** Something that the command palette offers. */
export interface PaletteEntry {
  key: string;
  /** What it is about: what the editor does, a node to go to or to add, another workflow. */
  kind: 'command' | 'node' | 'type' | 'workflow';
  title: string;
  /** Said under the title. */
  detail?: string;
  /** Other words that find it. */
  words?: readonly string[];
}

/** How many are listed at most: nobody reads further. */
export const MOST_ENTRIES = 60;
/** Of those that fit alike, commands come first: they are what the palette is opened for. */
const KINDS: readonly PaletteEntry['kind'][] = ['command', 'node', 'type', 'workflow'];

/** The entries that hold every word of a query, the best first; without a query those of all kinds, commands first. */
export function searchEntries<Entry extends PaletteEntry>(entries: readonly Entry[], query: string): Entry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const ranked = entries.flatMap((entry) => {
    const ranks = words.map((word) => rank(entry, word));
    return ranks.includes(0) ? [] : [{ entry, rank: ranks.reduce((sum, one) => sum + one, 0) }];
  });
  const place = ({ kind }: PaletteEntry) => KINDS.indexOf(kind);
  return ranked
    .toSorted((a, b) => b.rank - a.rank || place(a.entry) - place(b.entry))
    .slice(0, MOST_ENTRIES)
    .map(({ entry }) => entry);
}

function rank({ title, detail = '', words = [] }: PaletteEntry, word: string): number {
  const name = title.toLowerCase();
  if (name.startsWith(word)) return 5;
  if (name.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word))) return 4;
  if (words.some((other) => other.toLowerCase().startsWith(word))) return 3;
  return name.includes(word) ? 2 : detail.toLowerCase().includes(word) ? 1 : 0;
}
