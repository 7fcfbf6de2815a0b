import { type Graph, type GraphNode, loopsAround, type NodeCatalogue } from '@imaginarium/protocol';
import type { Point, Size } from './nodes.ts';

/** A rectangle of the canvas, in pixels. */
export interface Box extends Point, Size {}

/** What a card measures before it was drawn. */
export const DEFAULT_CARD: Size = { width: 232, height: 168 };
/** The frame of a loop with nothing in it. */
export const DEFAULT_FRAME: Size = { width: 560, height: 296 };
/** The smallest frame that a person may make. */
export const SMALLEST_FRAME: Size = { width: 360, height: 176 };
/** Room between the border of a frame and what stands in it: the title is above, the inner ports are at the sides, and their names meet those of the ports of what stands there. */
export const FRAME_ROOM = { top: 84, right: 160, bottom: 32, left: 160 };

/** The ids of the nodes that are drawn as frames: loops, and nodes of a missing type in which others stand. */
export function frameIds(graph: Graph, catalogue: NodeCatalogue): ReadonlySet<string> {
  const parents = new Set(graph.nodes.map((node) => node.parent));
  return new Set(
    graph.nodes.flatMap((node) => {
      const description = catalogue.describe(node.type, node.version);
      return (description ? description.body !== undefined : parents.has(node.id)) ? [node.id] : [];
    }),
  );
}

/** The frame that a node is drawn in; null on the canvas, and where it is placed in something that is no frame. */
export function frameAround(
  node: GraphNode,
  frames: { has(id: string): boolean },
  byId: ReadonlyMap<string, GraphNode>,
): string | null {
  const [loop] = loopsAround(node.id, byId);
  return loop !== undefined && frames.has(loop) ? loop : null;
}

/**
 * Where the frames of a graph are: as large as they were made, and around all that stands in them. A frame that nobody gave a size, as in
 * graphs older than frames, goes by what stands in it alone.
 * @param sizeOf what a card measures.
 */
export function frameBoxes(
  graph: Graph,
  catalogue: NodeCatalogue,
  sizeOf: (id: string) => Size = () => DEFAULT_CARD,
): ReadonlyMap<string, Box> {
  const ids = frameIds(graph, catalogue);
  const boxes = new Map<string, Box>();
  if (ids.size === 0) return boxes;
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const inside = Map.groupBy(graph.nodes, (node) => frameAround(node, ids, byId));
  const boxOf = (node: GraphNode): Box => {
    if (!ids.has(node.id)) return { ...node.position, ...sizeOf(node.id) };
    const known = boxes.get(node.id);
    if (known) return known;
    const content = (inside.get(node.id) ?? []).map((child) => withRoom(boxOf(child)));
    const own = node.size || content.length === 0 ? [{ ...node.position, ...(node.size ?? DEFAULT_FRAME) }] : [];
    const box = around([...own, ...content]);
    boxes.set(node.id, box);
    return box;
  };
  for (const node of graph.nodes) boxOf(node);
  return boxes;
}

/** The box of a node, whether it is drawn as a card or as a frame. */
export function boxOfNode(node: GraphNode, frames: ReadonlyMap<string, Box>, size: Size = DEFAULT_CARD): Box {
  return frames.get(node.id) ?? { ...node.position, ...size };
}

/** Where all nodes of a graph are drawn, as cards or as frames. */
export function nodeBoxes(
  graph: Graph,
  catalogue: NodeCatalogue,
  sizeOf: (id: string) => Size,
): ReadonlyMap<string, Box> {
  const frames = frameBoxes(graph, catalogue, sizeOf);
  return new Map(graph.nodes.map((node) => [node.id, boxOfNode(node, frames, sizeOf(node.id))]));
}

/** The innermost frame that holds a point; null on the canvas. */
export function frameAt(
  graph: Graph,
  frames: ReadonlyMap<string, Box>,
  { x, y }: Point,
  except: ReadonlySet<string> = new Set(),
): string | null {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const holding = [...frames].filter(([id, box]) => {
    if ([id, ...loopsAround(id, byId)].some((loop) => except.has(loop))) return false;
    return x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
  });
  const depth = (id: string) => loopsAround(id, byId).length;
  // Of those that overlap, the one that is drawn last lies on top.
  return holding.reduce<string | null>((best, [id]) => (best === null || depth(id) >= depth(best) ? id : best), null);
}

/** The smallest box around others. */
export function around(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** A box with the room around it that a frame keeps. */
export function withRoom({ x, y, width, height }: Box): Box {
  const { top, right, bottom, left } = FRAME_ROOM;
  return { x: x - left, y: y - top, width: width + left + right, height: height + top + bottom };
}
