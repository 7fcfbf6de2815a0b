import {
  type Graph,
  innerEnd,
  loopsAround,
  type NodeCatalogue,
  nodesInside,
  type Problem,
  validateLoops,
} from '@imaginarium/protocol';
import { around, type Box, boxOfNode, FRAME_ROOM, frameBoxes } from './frames.ts';
import { freePlace } from './free-place.ts';
import { changeNode, moveNodes, type Point, removeSelection } from './nodes.ts';

/** Room between what stands in a frame already and what comes in, and between a frame and what goes out. */
const GAP_PX = 64;

/** Those of some nodes that stand in none of the others: what is done to them is done to all. */
export function outermost(graph: Graph, ids: readonly string[]): string[] {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const chosen = new Set(ids);
  return ids.filter((id) => byId.has(id) && !loopsAround(id, byId).some((loop) => chosen.has(loop)));
}

/** Places nodes in a loop, or on the canvas, where they are. Wires that would cross the border of a loop are removed. */
export function placeIn(graph: Graph, ids: readonly string[], loop: string | null): Graph {
  const placed = outermost(graph, ids).reduce(
    (result, id) =>
      changeNode(result, id, (node) => ((node.parent ?? null) === loop ? node : { ...node, parent: loop })),
    graph,
  );
  if (placed === graph) return graph;
  const before = new Map(graph.nodes.map((node) => [node.id, node]));
  const after = new Map(placed.nodes.map((node) => [node.id, node]));
  const level = (id: string) => after.get(id)?.parent ?? null;
  // A wire at an inner port stays only where it was one before.
  const edges = placed.edges.filter((edge) => {
    const inner = innerEnd(edge, after);
    return inner === innerEnd(edge, before) && (inner !== undefined || level(edge.from.node) === level(edge.to.node));
  });
  return { ...placed, edges: edges.length === placed.edges.length ? placed.edges : edges };
}

/** Why nodes cannot stand in a loop: the first objection that the server would have too. Undefined when they can. */
export function refusePlace(
  graph: Graph,
  ids: readonly string[],
  loop: string | null,
  catalogue: NodeCatalogue,
): Problem | undefined {
  const placed = placeIn(graph, ids, loop);
  const byId = new Map(placed.nodes.map((node) => [node.id, node]));
  const moved = outermost(graph, ids).flatMap((id) => [id, ...nodesInside(placed, id)]);
  for (const id of moved) {
    const node = byId.get(id);
    const problem = node && validateLoops(node, { byId, catalogue }).find(({ severity }) => severity === 'error');
    if (problem) return problem;
  }
  return undefined;
}

/** Moves nodes into a loop, beside what stands there, or out of theirs, beside its frame; those of several keep their arrangement. */
export function moveInto(graph: Graph, ids: readonly string[], loop: string | null, catalogue: NodeCatalogue): Graph {
  const moving = outermost(graph, ids);
  const placed = placeIn(graph, moving, loop);
  if (placed === graph) return graph;
  const frames = frameBoxes(graph, catalogue);
  const nodes = graph.nodes.filter((node) => moving.includes(node.id));
  const group = around(nodes.map((node) => boxOfNode(node, frames)));
  const wanted =
    loop === null ? besideFrame(graph, nodes[0]?.parent ?? null, frames) : insideFrame(graph, loop, frames);
  const place = freePlace(graph, wanted ?? group, catalogue, { loop, size: group, except: new Set(moving) });
  const by = { x: place.x - group.x, y: place.y - group.y };
  return moveNodes(
    placed,
    new Map(nodes.map(({ id, position }) => [id, { x: position.x + by.x, y: position.y + by.y }])),
  );
}

/** Takes a loop away and leaves what stands in it, one level further out. Its own wires go with it. */
export function dissolveLoop(graph: Graph, loop: string): Graph {
  const node = graph.nodes.find((entry) => entry.id === loop);
  if (!node) return graph;
  const children = graph.nodes.filter((entry) => entry.parent === loop).map((entry) => entry.id);
  return removeSelection(placeIn(graph, children, node.parent ?? null), { nodes: [loop], edges: [] });
}

/** Gives a frame a size, from its top left corner. */
export function resizeFrame(graph: Graph, id: string, { x, y, width, height }: Box): Graph {
  const size = { width: Math.round(width), height: Math.round(height) };
  return changeNode(graph, id, (node) => ({ ...node, position: { x: Math.round(x), y: Math.round(y) }, size }));
}

/** The place right of everything that stands in a loop, or the first one in it. */
export function insideFrame(graph: Graph, loop: string, frames: ReadonlyMap<string, Box>): Point | undefined {
  const frame = frames.get(loop);
  const children = graph.nodes.filter((node) => node.parent === loop).map((node) => boxOfNode(node, frames));
  if (children.length > 0) {
    const last = around(children);
    return { x: last.x + last.width + GAP_PX, y: last.y };
  }
  return frame && { x: frame.x + FRAME_ROOM.left, y: frame.y + FRAME_ROOM.top };
}

/** The place right of the outermost frame around a node. */
function besideFrame(graph: Graph, loop: string | null, frames: ReadonlyMap<string, Box>): Point | undefined {
  if (loop === null) return undefined;
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const frame = frames.get([loop, ...loopsAround(loop, byId)].at(-1) ?? loop);
  return frame && { x: frame.x + frame.width + GAP_PX, y: frame.y };
}
