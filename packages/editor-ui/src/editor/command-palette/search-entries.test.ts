import { describe, expect, it } from 'vitest';
import { MOST_ENTRIES, type PaletteEntry, searchEntries } from './search-entries.ts';

const entries: PaletteEntry[] = [
  { key: 'w', kind: 'workflow', title: 'Resize all' },
  { key: 't', kind: 'type', title: 'Resize', detail: 'Makes pictures smaller.', words: ['scale', 'shrink'] },
  { key: 'n', kind: 'node', title: 'Resize for the shop' },
  { key: 'r', kind: 'command', title: 'Run' },
  { key: 'u', kind: 'command', title: 'Undo' },
];
const keys = (query: string) => searchEntries(entries, query).map(({ key }) => key);

describe('the command palette', () => {
  it('lists commands first, then nodes, types and workflows, when nothing is asked for', () => {
    expect(keys('')).toEqual(['r', 'u', 'n', 't', 'w']);
  });

  it('finds by every word: at the beginning of the title, of a word in it, in other words, and in what is said of it', () => {
    expect(keys('res')).toEqual(['n', 't', 'w']);
    expect(keys('resize shop')).toEqual(['n']);
    expect(keys('shrink')).toEqual(['t']);
    expect(keys('smaller')).toEqual(['t']);
    expect(keys('run all')).toEqual([]);
  });

  it('lists no more than somebody would read', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ ...(entries[2] as PaletteEntry), key: `${index}` }));
    expect(searchEntries(many, 'resize')).toHaveLength(MOST_ENTRIES);
  });
});
