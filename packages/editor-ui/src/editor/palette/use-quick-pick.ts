import { useCallback } from 'react';
import { wireOf } from '../canvas/use-wiring.ts';
import { DEFAULT_CARD, frameAt, frameBoxes } from '../document/frames.ts';
import { freePlace } from '../document/free-place.ts';
import { randomId } from '../document/ids.ts';
import { loopOfPort } from '../document/loops.ts';
import { addNode, nodeOf } from '../document/nodes.ts';
import { connect } from '../document/wires.ts';
import { useEditorStore } from '../store/use-editor.ts';
import type { QuickAdd } from '../store/view-slice.ts';
import type { QuickChoice } from './quick-choices.ts';

/** Does what was picked, as one step of the history: draws the waiting wire, and adds the node it goes to. */
export function useQuickPick({ position, from }: QuickAdd) {
  const store = useEditorStore();
  return useCallback(
    (choice: QuickChoice) => {
      const { change, select, wire, openQuickAdd, catalogue } = store.getState();
      openQuickAdd(null);
      if (choice.kind === 'port') {
        if (from) wire(wireOf(from, { node: choice.node, port: choice.port }));
        return;
      }
      const id = randomId();
      const { port } = choice;
      change((graph) => {
        // A card that feeds the wire stands left of where the wire was dropped.
        const wanted = from?.side === 'input' ? { x: position.x - DEFAULT_CARD.width, y: position.y } : position;
        const start = from && graph.nodes.find((entry) => entry.id === from.node);
        const parent = start
          ? loopOfPort(start, from.side, from.port, catalogue)
          : choice.description.trigger
            ? null
            : frameAt(graph, frameBoxes(graph, catalogue), position);
        const place = freePlace(graph, { x: wanted.x, y: wanted.y - 22 }, catalogue, { loop: parent });
        const node = nodeOf(graph, choice.description, id, place);
        const grown = addNode(graph, parent === null ? node : { ...node, parent });
        return from && port ? connect(grown, wireOf(from, { node: id, port }), randomId(), catalogue) : grown;
      });
      select({ nodes: [id], edges: [] });
    },
    [store, position, from],
  );
}
