import {
  type FileRef,
  type Graph,
  type Item,
  isFileRef,
  type PortItems,
  topologicalOrder,
} from '@imaginarium/protocol';

/** What one node gave, as the results show it. */
export interface NodeResult {
  node: string;
  name: string;
  images: ImageResult[];
  /** Files that are not pictures: documents, sounds, videos. */
  files: { port: string; file: FileRef }[];
  values: { port: string; item: Item }[];
}

/** A picture, and the one it was made from when that is known. */
export interface ImageResult {
  port: string;
  item: Item;
  file: FileRef;
  before: FileRef | undefined;
  /** What the node says about how it was made, such as that it was only resampled. */
  note: string | undefined;
}

type Outputs = Readonly<Record<string, PortItems>>;

/** The results of a run, those of the last node first; nodes that gave nothing are left out. */
export function resultsOf(graph: Graph, outputs: Outputs): NodeResult[] {
  const { order, cyclic } = topologicalOrder(graph.nodes, graph.edges);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  return [...order, ...cyclic].toReversed().flatMap((id) => {
    const items = Object.entries(outputs[id] ?? {}).flatMap(([port, list]) => list.map((item) => ({ port, item })));
    if (items.length === 0) return [];
    const arriving = itemsArriving(graph, outputs, id);
    const result: NodeResult = { node: id, name: byId.get(id)?.name ?? id, images: [], files: [], values: [] };
    for (const { port, item } of items) {
      if (item.file?.kind === 'image') {
        const before = beforeOf(item, arriving, items.length);
        result.images.push({ port, item, file: item.file, before, note: noteOf(item) });
      } else if (item.file && isFileRef(item.file)) result.files.push({ port, file: item.file });
      else result.values.push({ port, item });
    }
    return [result];
  });
}

/** The result to show first: the last node that made pictures of its own, and did not only pass them on. */
export function firstResult(results: readonly NodeResult[]): NodeResult | undefined {
  const own = results.find((result, index) => {
    if (result.images.length === 0) return false;
    const earlier = new Set(results.slice(index + 1).flatMap((other) => other.images.map((image) => image.file.id)));
    return result.images.some((image) => !earlier.has(image.file.id));
  });
  return own ?? results.find((result) => result.images.length > 0) ?? results[0];
}

/** The ZIP that holds everything a node made, where it gives one. */
export function archiveOf(result: NodeResult): FileRef | undefined {
  return result.files.find(({ file }) => file.mime === 'application/zip')?.file;
}

function itemsArriving(graph: Graph, outputs: Outputs, id: string): Item[] {
  return graph.edges.flatMap((edge) => (edge.to.node === id ? (outputs[edge.from.node]?.[edge.from.port] ?? []) : []));
}

/** The picture an item was made from: the one it descends from, else the only one there was for the only one that came out. */
function beforeOf(item: Item, arriving: readonly Item[], outCount: number): FileRef | undefined {
  const pictures = arriving.filter((other) => other.file?.kind === 'image' && other.file.id !== item.file?.id);
  const parents = pictures.filter((other) => item.from.includes(other.id));
  if (parents.length === 1) return isComparable(parents[0]?.file, item.file) ? parents[0]?.file : undefined;
  const [only] = pictures;
  if (pictures.length === 1 && outCount === 1 && isComparable(only?.file, item.file)) return only?.file;
  return undefined;
}

/** Pictures of another shape do not lie on one another: a slide cut from a photo is no "after" of it. */
function isComparable(before: FileRef | undefined, after: FileRef | undefined): boolean {
  if (!before?.width || !before.height || !after?.width || !after.height) return false;
  const ratio = before.width / before.height / (after.width / after.height);
  return ratio > 0.98 && ratio < 1.02;
}

function noteOf(item: Item): string | undefined {
  const upscale = item.fields.upscale;
  if (typeof upscale !== 'object' || upscale === null || Array.isArray(upscale)) return undefined;
  return typeof upscale.note === 'string' && upscale.note !== '' ? upscale.note : undefined;
}
