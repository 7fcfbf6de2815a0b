import { type Graph, type GraphNode, innerEnd, type NodeCatalogue } from '@imaginarium/protocol';
import { DEFAULT_CARD, FRAME_ROOM, frameAround, frameIds, SMALLEST_FRAME } from './frames.ts';
import { moveNodes, type Point, type Size } from './nodes.ts';

/**
 * Lays the nodes out from left to right along the wires, what stands in a loop within its frame, which is made to fit. The layout library is
 * loaded when it is first asked for.
 */
export async function autoLayout(
  graph: Graph,
  sizes: ReadonlyMap<string, Size>,
  catalogue: NodeCatalogue,
): Promise<Graph> {
  if (graph.nodes.length === 0) return graph;
  const { default: dagre } = await import('@dagrejs/dagre');
  const frames = frameIds(graph, catalogue);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const inside = Map.groupBy(graph.nodes, (node) => frameAround(node, frames, byId));
  const edges = graph.edges.filter((edge) => !innerEnd(edge, byId));
  const frameSizes = new Map<string, Size>();
  /** Where the nodes of one level stand, from the top left corner of what they take up together. */
  const levels = new Map<string | null, { places: Map<string, Point>; size: Size }>();

  const layOut = (level: string | null): Size => {
    const nodes = inside.get(level) ?? [];
    const measured = new Map(nodes.map((node) => [node.id, sizeOf(node)]));
    const plan = new dagre.graphlib.Graph();
    plan.setGraph({ rankdir: 'LR', nodesep: 40, ranksep: 96, marginx: 0, marginy: 0 });
    plan.setDefaultEdgeLabel(() => ({}));
    for (const [id, size] of measured) plan.setNode(id, { ...size });
    for (const { from, to } of edges)
      if (measured.has(from.node) && measured.has(to.node)) plan.setEdge(from.node, to.node);
    if (nodes.length > 0) dagre.layout(plan);
    const places = new Map<string, Point>();
    for (const [id, size] of measured) {
      const { x, y } = plan.node(id);
      places.set(id, { x: x - size.width / 2, y: y - size.height / 2 });
    }
    const right = Math.max(0, ...nodes.map(({ id }) => (places.get(id)?.x ?? 0) + (measured.get(id)?.width ?? 0)));
    const bottom = Math.max(0, ...nodes.map(({ id }) => (places.get(id)?.y ?? 0) + (measured.get(id)?.height ?? 0)));
    const size = { width: right, height: bottom };
    levels.set(level, { places, size });
    return size;
  };
  const sizeOf = (node: GraphNode): Size => {
    if (!frames.has(node.id)) return sizes.get(node.id) ?? DEFAULT_CARD;
    const content = layOut(node.id);
    const { top, right, bottom, left } = FRAME_ROOM;
    const size = {
      width: Math.max(SMALLEST_FRAME.width, Math.ceil(content.width + left + right)),
      height: Math.max(SMALLEST_FRAME.height, Math.ceil(content.height + top + bottom)),
    };
    frameSizes.set(node.id, size);
    return size;
  };
  layOut(null);

  const places = new Map<string, Point>();
  const putDown = (level: string | null, origin: Point): void => {
    for (const [id, { x, y }] of levels.get(level)?.places ?? []) {
      const place = { x: origin.x + x, y: origin.y + y };
      places.set(id, place);
      if (frames.has(id)) putDown(id, { x: place.x + FRAME_ROOM.left, y: place.y + FRAME_ROOM.top });
    }
  };
  putDown(null, { x: 0, y: 0 });
  const moved = moveNodes(graph, places);
  if (frameSizes.size === 0) return moved;
  const nodes = moved.nodes.map((node) => withSize(node, frameSizes.get(node.id)));
  return nodes.every((node, at) => node === moved.nodes[at]) ? moved : { ...moved, nodes };
}

function withSize(node: GraphNode, size: Size | undefined): GraphNode {
  if (!size || (node.size?.width === size.width && node.size.height === size.height)) return node;
  return { ...node, size };
}
