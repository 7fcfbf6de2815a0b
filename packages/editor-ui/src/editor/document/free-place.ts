import type { Graph, NodeCatalogue } from '@imaginarium/protocol';
import { boxOfNode, DEFAULT_CARD, frameAround, frameBoxes } from './frames.ts';
import type { Point, Size } from './nodes.ts';

const GAP_PX = 24;
/** A card with its picture: what a plain one may grow to when it runs. */
const TALLEST_PX = 264;

interface Room {
  /** The loop in which the place is; null on the canvas. */
  loop?: string | null;
  /** What needs the place; a card by default. */
  size?: Size;
  /** Nodes that are not in the way: those that are moved. */
  except?: ReadonlySet<string>;
}

/** The first place from `wanted` downwards where a card covers nothing that stands on the same level. */
export function freePlace(
  graph: Graph,
  wanted: Point,
  catalogue: NodeCatalogue,
  { loop = null, size = DEFAULT_CARD, except = new Set() }: Room = {},
): Point {
  const frames = frameBoxes(graph, catalogue);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const others = graph.nodes
    .filter((node) => !except.has(node.id) && frameAround(node, frames, byId) === loop)
    .map((node) => boxOfNode(node, frames, { ...DEFAULT_CARD, height: TALLEST_PX }));
  const height = Math.max(size.height, TALLEST_PX);
  let place: Point = { x: wanted.x, y: wanted.y };
  // Each step passes at least one of them, so as many steps as there are always suffice.
  for (let step = 0; step <= others.length; step++) {
    const inTheWay = others.find(
      (box) =>
        place.x < box.x + box.width + GAP_PX &&
        box.x < place.x + size.width + GAP_PX &&
        place.y < box.y + box.height + GAP_PX &&
        box.y < place.y + height + GAP_PX,
    );
    if (!inTheWay) return place;
    place = { x: place.x, y: inTheWay.y + inTheWay.height + GAP_PX };
  }
  return place;
}
