import { onceForGraph } from './once-for-graph.ts';

/**
 * Whether nothing outside can feel that a graph is executed: all of its nodes are pure and light, or triggers, which only hand on what
 * they were given. A run of it that was never stored leaves nothing behind.
 */
export const isUnfelt = onceForGraph((graph, catalogue) =>
  graph.nodes.every(({ type, version }) => {
    const description = catalogue.describe(type, version);
    if (!description || description.resources !== undefined) return false;
    return description.effects === 'pure' || description.trigger !== undefined;
  }),
);
