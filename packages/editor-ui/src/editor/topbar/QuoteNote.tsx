import Popover from 'antd/es/popover';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { CreditAmount } from '../../components/CreditAmount.tsx';
import { formatDuration } from '../../components/format.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor } from '../store/use-editor.ts';
import styles from './TopBar.module.css';

const quoteOf = (state: EditorState) => state.quote;

/** What the next run costs and how long it takes; node by node on hover or focus. */
export function QuoteNote() {
  const { t } = useTranslation('editor');
  const quote = useEditor(quoteOf);
  if (!quote) return null;
  const nodes = quote.nodes.filter((entry) => entry.credits > 0 || entry.estimateMs >= 1);
  return (
    <Popover
      placement="bottomRight"
      trigger={['hover', 'focus']}
      title={t(quote.measured ? 'quote.measured' : 'quote.typical')}
      content={
        <div className={styles.quoteTable}>
          {nodes.map((entry) => (
            <Fragment key={entry.node}>
              <span>{entry.name}</span>
              <CreditAmount credits={entry.credits} />
              <span>~{formatDuration(entry.estimateMs)}</span>
            </Fragment>
          ))}
        </div>
      }
    >
      <button type="button" className={styles.quote}>
        <CreditAmount credits={quote.total} /> · ~{formatDuration(quote.estimateMs)}
      </button>
    </Popover>
  );
}
