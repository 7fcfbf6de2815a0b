import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useWorkflows } from '../../api/workflows.ts';
import { useTidyUp } from '../canvas/use-tidy-up.ts';
import { type Command, SHORTCUTS } from '../keys/shortcuts.ts';
import { useCommands } from '../keys/use-commands.ts';
import { useGoToNode } from '../keys/use-go-to-node.ts';
import { newestTypes } from '../palette/search-types.ts';
import { useAddNode } from '../palette/use-add-node.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import type { PaletteEntry } from './search-entries.ts';

/** An entry with what it does. */
export interface PaletteAction extends PaletteEntry {
  /** The keys that do the same without the palette. */
  keys?: string | undefined;
  /** The icon of a node type, and the group that colours it. */
  icon?: { name: string; group: string } | undefined;
  does(): void;
}

const OFFERED: readonly Command[] = [
  ...(['run', 'runTo', 'add', 'note', 'frame', 'undo', 'redo', 'fit', 'actualSize'] as const),
  ...(['duplicate', 'copy', 'paste', 'delete', 'disable', 'selectAll', 'keys'] as const),
];
const ON_SELECTION: ReadonlySet<Command> = new Set(['runTo', 'frame', 'duplicate', 'copy', 'delete', 'disable']);
const graphOf = (state: EditorState) => state.graph;
const typesOf = (state: EditorState) => state.types;
const workflowIdOf = (state: EditorState) => state.workflowId;

/** Everything that the command palette offers now. */
export function useEntries(): PaletteAction[] {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const commands = useCommands();
  const tidyUp = useTidyUp();
  const goToNode = useGoToNode();
  const addNode = useAddNode();
  const navigate = useNavigate();
  const graph = useEditor(graphOf);
  const types = useEditor(typesOf);
  const here = useEditor(workflowIdOf);
  const anySelected = useEditor((state) => state.selection.nodes.length > 0);
  const { data: workflows } = useWorkflows();

  return useMemo(() => {
    const { catalogue } = store.getState();
    const view = (key: string, title: string, does: () => void): PaletteAction => ({
      key,
      kind: 'command',
      title,
      does,
    });
    const iconOf = (type: string, version: number) => {
      const description = catalogue.describe(type, version);
      return description && { name: description.icon, group: description.group };
    };
    const isOffered = (command: Command) => {
      // By plain http from another machine a page may not read the clipboard; keys paste there too.
      if (command === 'paste') return 'clipboard' in navigator;
      return anySelected || !ON_SELECTION.has(command);
    };
    return [
      ...OFFERED.filter(isOffered).map(
        (command): PaletteAction => ({
          key: command,
          kind: 'command',
          title: command === 'keys' ? t('commands.show') : t(`command.${command}`),
          keys: SHORTCUTS[command][0],
          does: commands[command],
        }),
      ),
      view('tidyUp', t('canvas.tidyUp'), () => void tidyUp()),
      view('palette', t('commands.palette'), () => store.getState().togglePalette()),
      view('inspector', t('commands.inspector'), () => store.getState().toggleInspector()),
      view('results', t('commands.results'), () => store.getState().setDrawer(!store.getState().drawerOpen)),
      view('assets', t('commands.assets'), () => void navigate('/assets')),
      ...graph.nodes.map(
        (node): PaletteAction => ({
          key: `node ${node.id}`,
          kind: 'node',
          title: node.name,
          icon: iconOf(node.type, node.version),
          does: () => goToNode(node.id),
        }),
      ),
      ...newestTypes(types).map(
        (type): PaletteAction => ({
          key: `type ${type.type}`,
          kind: 'type',
          title: type.title,
          detail: type.summary,
          words: type.aliases ?? [],
          icon: { name: type.icon, group: type.group },
          does: () => addNode(type),
        }),
      ),
      ...(workflows ?? [])
        .filter(({ id }) => id !== here)
        .map(
          ({ id, name }): PaletteAction => ({
            key: `workflow ${id}`,
            kind: 'workflow',
            title: name,
            does: () => void navigate(`/workflows/${id}`),
          }),
        ),
    ];
  }, [t, store, commands, tidyUp, goToNode, addNode, navigate, graph, types, here, anySelected, workflows]);
}
