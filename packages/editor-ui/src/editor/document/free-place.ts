import type { Graph } from '@imaginarium/protocol';
import { DEFAULT_CARD } from './layout.ts';
import type { Point } from './nodes.ts';

const GAP_PX = 24;
/** A card with its picture: what a plain one may grow to when it runs. */
const TALLEST_PX = 264;

/** The first place from `wanted` downwards where a card covers no other. */
export function freePlace(graph: Graph, wanted: Point): Point {
  let place = wanted;
  // Each step passes at least one card, so as many steps as cards always suffice.
  for (let step = 0; step <= graph.nodes.length; step++) {
    const inTheWay = graph.nodes.find(
      ({ position }) =>
        Math.abs(position.x - place.x) < DEFAULT_CARD.width + GAP_PX &&
        Math.abs(position.y - place.y) < TALLEST_PX + GAP_PX,
    );
    if (!inTheWay) return place;
    place = { x: place.x, y: inTheWay.position.y + TALLEST_PX + GAP_PX };
  }
  return place;
}
