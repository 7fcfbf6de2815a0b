import Button from 'antd/es/button';
import Dropdown from 'antd/es/dropdown';
import { ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRunPart } from '../run/use-run-part.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';

const asksOf = (state: EditorState) => state.graph.inputs.length > 0;
const hasRunOf = (state: EditorState) => state.run !== null;
/** The name of the node that is chosen, when it is one. */
const chosenOf = ({ selection, graph }: EditorState) =>
  selection.nodes.length === 1 ? graph.nodes.find((node) => node.id === selection.nodes[0])?.name : undefined;

/** The other ways to run: with other values, up to the chosen node, from it on. */
export function RunMenu() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const { runTo, runFrom } = useRunPart();
  const asks = useEditor(asksOf);
  const hasRun = useEditor(hasRunOf);
  const name = useEditor(chosenOf);
  const withValues = {
    key: 'with',
    label: t('run.withValues'),
    onClick: () => store.getState().setRunFormOpen(true),
  };
  const noName = name === undefined ? t('run.chooseNode') : undefined;
  const noFrom = noName ?? (hasRun ? undefined : t('run.needsRun'));
  const items = [
    ...(asks ? [withValues] : []),
    {
      key: 'to',
      label: name === undefined ? t('run.toNone') : t('run.to', { name }),
      disabled: noName !== undefined,
      title: noName,
      onClick: runTo,
    },
    {
      key: 'from',
      label: name === undefined ? t('run.fromNone') : t('run.from', { name }),
      disabled: noFrom !== undefined,
      title: noFrom,
      onClick: runFrom,
    },
  ];
  return (
    <Dropdown trigger={['click']} menu={{ items }} placement="bottomRight">
      <Button type="primary" aria-label={t('run.more')} icon={<ChevronDown size={14} aria-hidden />} />
    </Dropdown>
  );
}
