import Popover from 'antd/es/popover';
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { CreditAmount } from '../../components/CreditAmount.tsx';
import { formatDuration } from '../../components/format.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor } from '../store/use-editor.ts';
import { QuoteTable } from './QuoteTable.tsx';
import styles from './TopBar.module.css';

const quoteOf = (state: EditorState) => state.quote;

/** What the next run costs and how long it takes; node by node on hover or focus. */
export function QuoteNote() {
  const { t } = useTranslation('editor');
  const quote = useEditor(quoteOf);
  if (!quote) return null;
  const isShort = [quote.wallet, quote.budget].some((has) => has !== null && has.after < 0);
  return (
    <Popover
      placement="bottomRight"
      trigger={['hover', 'focus']}
      title={t(quote.measured ? 'quote.measured' : 'quote.typical')}
      content={
        <>
          <QuoteTable quote={quote} />
          <Link to="/wallet" className={styles.toWallet}>
            {t('quote.wallet')}
          </Link>
        </>
      }
    >
      <button type="button" className={styles.quote}>
        {isShort && <TriangleAlert size={14} aria-label={t('quote.tooLittle')} className={styles.quoteShort} />}
        <CreditAmount credits={quote.total} />
        {quote.most === null && '+'} · ~{formatDuration(quote.estimateMs)}
      </button>
    </Popover>
  );
}
