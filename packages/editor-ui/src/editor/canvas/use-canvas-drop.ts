import type { FileKind } from '@imaginarium/protocol';
import { useReactFlow } from '@xyflow/react';
import { type DragEvent, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { DEFAULT_CARD, frameAt, frameBoxes } from '../document/frames.ts';
import { carriesNode, droppedType } from '../palette/node-drag.ts';
import { newestTypes } from '../palette/search-types.ts';
import { assetParamFor, kindOfFile, uploadFiles } from '../run/upload-files.ts';
import { useEditorStore } from '../store/use-editor.ts';
import { type FlowNode, measuredSizes } from './flow-nodes.ts';
import { pointOf } from './pointer.ts';

/**
 * What can be dropped on the canvas: a node type from the palette, and files. Files go to the card they are dropped on, or become an input node
 * of their kind on empty canvas.
 */
export function useCanvasDrop() {
  const store = useEditorStore();
  const { t } = useTranslation('editor');
  const { screenToFlowPosition, getNodes } = useReactFlow<FlowNode>();
  const [dropping, setDropping] = useState<'files' | 'node' | null>(null);

  /** The frame under the pointer, which takes what is dropped. */
  const frameUnder = useCallback(
    (event: DragEvent) => {
      const { graph, catalogue } = store.getState();
      const frames = frameBoxes(graph, catalogue, measuredSizes(getNodes()));
      return frames.size === 0 ? null : frameAt(graph, frames, screenToFlowPosition(pointOf(event)));
    },
    [store, screenToFlowPosition, getNodes],
  );

  const onDragOver = useCallback(
    (event: DragEvent) => {
      const kind = carriesNode(event.dataTransfer)
        ? 'node'
        : event.dataTransfer.types.includes('Files')
          ? 'files'
          : null;
      if (!kind) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setDropping(kind);
      store.getState().aimAt(kind === 'node' ? frameUnder(event) : null);
    },
    [store, frameUnder],
  );

  const onDragLeave = useCallback(
    (event: DragEvent) => {
      if (event.currentTarget.contains(event.relatedTarget as Node | null)) return;
      setDropping(null);
      store.getState().aimAt(null);
    },
    [store],
  );

  const onDrop = useCallback(
    (event: DragEvent) => {
      event.preventDefault();
      setDropping(null);
      const { types, graph, catalogue, add, showBubble, aimAt } = store.getState();
      aimAt(null);
      const at = pointOf(event);
      const position = screenToFlowPosition({ x: at.x - DEFAULT_CARD.width / 2, y: at.y - 24 });
      const type = droppedType(event.dataTransfer, types);
      // What starts runs stands in no loop.
      if (type) return void add(type, position, type.trigger ? null : frameUnder(event));

      const files = [...event.dataTransfer.files];
      const cardId = (event.target as Element).closest<HTMLElement>('.react-flow__node')?.dataset.id;
      const card = graph.nodes.find((node) => node.id === cardId);
      const byKind = Map.groupBy(files, kindOfFile);
      let row = 0;
      for (const [kind, group] of byKind) {
        const target = card ? targetOn(card) : targetFor(kind, row++);
        if (target) void uploadFiles(client, store, target, group);
        else
          showBubble({
            at,
            text: card ? t('drop.notHere', { name: card.name }) : t('drop.noNode', { kind: t(`port.${kind}`) }),
            ...(card ? { remedy: t('drop.onCanvas') } : {}),
          });
      }

      function targetOn(node: { id: string; type: string; version: number }) {
        const description = catalogue.describe(node.type, node.version);
        const kind = files[0] && kindOfFile(files[0]);
        const param = description && kind && assetParamFor(description, kind);
        return param && description ? { node: node.id, param, multiple: isMultiple(description, param) } : undefined;
      }

      function targetFor(kind: FileKind, at: number) {
        const description = newestTypes(types).find((entry) => entry.group === 'input' && assetParamFor(entry, kind));
        const param = description && assetParamFor(description, kind);
        if (!description || !param) return undefined;
        const node = add(description, { x: position.x, y: position.y + at * (DEFAULT_CARD.height + 40) });
        return { node, param, multiple: isMultiple(description, param) };
      }
    },
    [store, screenToFlowPosition, frameUnder, t],
  );

  return { dropping, onDragOver, onDragLeave, onDrop };
}

function isMultiple(description: { params: Record<string, { kind: string; multiple?: boolean }> }, param: string) {
  return description.params[param]?.multiple ?? false;
}
