import type { WorkspaceQuote } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import Dropdown from 'antd/es/dropdown';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CreditAmount } from '../../components/CreditAmount.tsx';
import { formatDuration } from '../../components/format.ts';
import { usePartQuotes } from '../run/use-part-quotes.ts';
import { useRunPart } from '../run/use-run-part.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import styles from './TopBar.module.css';

const asksOf = (state: EditorState) => state.graph.inputs.length > 0;
const hasRunOf = (state: EditorState) => state.run !== null;
/** The node that is chosen, when it is one. */
const chosenOf = ({ selection, graph }: EditorState) =>
  selection.nodes.length === 1 ? graph.nodes.find((node) => node.id === selection.nodes[0]) : undefined;

/** The other ways to run: with other values, up to the chosen node, from it on; each part with its own price and time. */
export function RunMenu() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const { runTo, runFrom } = useRunPart();
  const asks = useEditor(asksOf);
  const hasRun = useEditor(hasRunOf);
  const chosen = useEditor(chosenOf);
  const name = chosen?.name;
  const [open, setOpen] = useState(false);
  const quotes = usePartQuotes(open ? chosen?.id : undefined);
  const agreed = (quote: WorkspaceQuote | undefined) => (quote?.wallet ? (quote.most ?? undefined) : undefined);
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
      label: <PartLabel text={name === undefined ? t('run.toNone') : t('run.to', { name })} quote={quotes.to} />,
      disabled: noName !== undefined,
      title: noName,
      onClick: () => runTo(agreed(quotes.to)),
    },
    {
      key: 'from',
      label: <PartLabel text={name === undefined ? t('run.fromNone') : t('run.from', { name })} quote={quotes.from} />,
      disabled: noFrom !== undefined,
      title: noFrom,
      onClick: () => runFrom(agreed(quotes.from)),
    },
  ];
  return (
    <Dropdown open={open} onOpenChange={setOpen} trigger={['click']} menu={{ items }} placement="bottomRight">
      <Button type="primary" aria-label={t('run.more')} icon={<ChevronDown size={14} aria-hidden />} />
    </Dropdown>
  );
}

function PartLabel({ text, quote }: { text: string; quote: WorkspaceQuote | undefined }) {
  return (
    <span className={styles.part}>
      {text}
      {quote && (
        <small>
          <CreditAmount credits={quote.total} />
          {quote.most === null && '+'} · ~{formatDuration(quote.estimateMs)}
        </small>
      )}
    </span>
  );
}
