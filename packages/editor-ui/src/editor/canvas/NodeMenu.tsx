import Dropdown, { type DropdownProps } from 'antd/es/dropdown';
import { Copy, FolderInput, FolderOutput, Play, Power, StepForward, Trash2, Ungroup } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { loopsFor } from '../document/loops.ts';
import { dissolveLoop, moveInto } from '../document/place-in.ts';
import { useCommands } from '../keys/use-commands.ts';
import { useRunPart } from '../run/use-run-part.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';

type Items = NonNullable<NonNullable<DropdownProps['menu']>['items']>;

const menuOf = (state: EditorState) => state.nodeMenu;
const ICON = { size: 14, 'aria-hidden': true } as const;

/** What can be done to the selected nodes, where the pointer or the menu key asked for it. */
export function NodeMenu() {
  const store = useEditorStore();
  const at = useEditor(menuOf);
  const items = useItems();
  if (!at) return null;
  return (
    <Dropdown
      open
      autoFocus
      trigger={['click']}
      menu={{ items }}
      onOpenChange={(open) => !open && store.getState().openNodeMenu(null)}
    >
      <span style={{ position: 'fixed', left: at.x, top: at.y, width: 1, height: 1 }} />
    </Dropdown>
  );
}

function useItems(): Items {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const commands = useCommands();
  const { runFrom } = useRunPart();
  const open = useEditor((state) => state.nodeMenu !== null);
  if (!open) return [];
  const { graph, catalogue, selection, run, change, openNodeMenu } = store.getState();
  const chosen = graph.nodes.filter((node) => selection.nodes.includes(node.id));
  const ids = chosen.map((node) => node.id);
  const [first, ...others] = chosen;
  const single = others.length === 0 ? first : undefined;
  const isLoop = single && catalogue.describe(single.type, single.version)?.body !== undefined;
  const act = (does: () => void) => () => {
    openNodeMenu(null);
    does();
  };
  const moveTo = (loop: string | null) => act(() => change((before) => moveInto(before, ids, loop, catalogue)));
  const parents = new Set(chosen.map((node) => node.parent ?? null));
  const into = loopsFor(graph, ids, catalogue).filter((loop) => !(parents.size === 1 && parents.has(loop.id)));
  const outer = graph.nodes.find((node) => node.id === first?.parent)?.parent ?? null;
  return [
    ...into.map((loop) => ({
      key: `into ${loop.id}`,
      icon: <FolderInput {...ICON} />,
      label: t('menu.moveInto', { name: loop.name }),
      onClick: moveTo(loop.id),
    })),
    ...(parents.size === 1 && first?.parent
      ? [{ key: 'out', icon: <FolderOutput {...ICON} />, label: t('menu.moveOut'), onClick: moveTo(outer) }]
      : []),
    ...(isLoop && single
      ? [
          {
            key: 'apart',
            icon: <Ungroup {...ICON} />,
            label: t('menu.takeApart'),
            onClick: act(() => change((before) => dissolveLoop(before, single.id))),
          },
        ]
      : []),
    { type: 'divider' },
    ...(single
      ? [
          {
            key: 'runTo',
            icon: <Play {...ICON} />,
            label: t('run.to', { name: single.name }),
            onClick: act(commands.runTo),
          },
          {
            key: 'runFrom',
            icon: <StepForward {...ICON} />,
            label: t('run.from', { name: single.name }),
            disabled: run === null,
            title: run === null ? t('run.needsRun') : undefined,
            onClick: act(() => runFrom()),
          },
        ]
      : []),
    { key: 'copy', icon: <Copy {...ICON} />, label: t('command.duplicate'), onClick: act(commands.duplicate) },
    { key: 'off', icon: <Power {...ICON} />, label: t('command.disable'), onClick: act(commands.disable) },
    {
      key: 'delete',
      danger: true,
      icon: <Trash2 {...ICON} />,
      label: t(isLoop ? 'menu.deleteLoop' : 'command.delete'),
      onClick: act(commands.delete),
    },
  ];
}
