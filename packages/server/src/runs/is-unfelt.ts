import { onceForGraph } from './once-for-graph.ts';

/**
 * Whether nothing outside can feel that a graph is executed: all of its nodes are pure and light, so that a run that was never stored
 * leaves nothing behind.
 */
export const isUnfelt = onceForGraph((graph, catalogue) =>
  graph.nodes.every(({ type, version }) => {
    const description = catalogue.describe(type, version);
    return description?.effects === 'pure' && description.resources === undefined;
  }),
);
