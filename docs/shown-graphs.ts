import { type Graph, type Json, parseGraph } from '@imaginarium/protocol';

/** A block of JSON on a page, with the word that says what it is. */
export interface ShownBlock {
  part: string;
  content: Json;
}

/** The blocks of JSON on a page, in their order. */
export function blocksOf(page: string): ShownBlock[] {
  return [...page.matchAll(/^```json (\w+)\n([\s\S]*?)^```$/gm)].map(([, part = '', text = '']) => ({
    part,
    content: JSON.parse(text) as Json,
  }));
}

/** Each graph of a page, with what the page says came of it. */
export function shownGraphs(blocks: readonly ShownBlock[]): { graph: Json; told: ShownBlock | undefined }[] {
  return blocks.flatMap((block, at) =>
    block.part === 'graph' ? [{ graph: block.content, told: blocks[at + 1] }] : [],
  );
}

/** @throws {Error} with the first thing that is wrong with it. */
export function graphOf(content: Json): Graph {
  const parsed = parseGraph(content);
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return parsed.graph;
}
