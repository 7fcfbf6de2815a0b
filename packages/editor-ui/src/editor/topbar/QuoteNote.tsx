import Popover from 'antd/es/popover';
import { TriangleAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { CreditAmount } from '../../components/CreditAmount.tsx';
import { formatDuration } from '../../components/format.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor } from '../store/use-editor.ts';
import { QuoteTable } from './QuoteTable.tsx';
import styles from './TopBar.module.css';

const TO_WALLET = `.${styles.toWallet}`;
const quoteOf = (state: EditorState) => state.quote;

/** What the next run costs and how long it takes; node by node on hover, or when it is pressed, which also brings the keyboard there. */
export function QuoteNote() {
  const { t } = useTranslation('editor');
  const quote = useEditor(quoteOf);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  if (!quote) return null;
  const isShort = [quote.wallet, quote.budget].some((has) => has !== null && has.after < 0);
  const title = t(quote.measured ? 'quote.measured' : 'quote.typical');
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      placement="bottomRight"
      trigger={['hover', 'click']}
      destroyOnHidden
      content={
        <div
          role="dialog"
          aria-label={title}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' && event.key !== 'Tab') return;
            event.preventDefault();
            event.stopPropagation();
            setOpen(false);
            button.current?.focus();
          }}
        >
          {/* In the dialog: what stands beside it in the popover belongs to no landmark of the page. */}
          <strong className={styles.quoteTitle}>{title}</strong>
          <QuoteTable quote={quote} />
          <Link to="/wallet" className={styles.toWallet}>
            {t('quote.wallet')}
          </Link>
        </div>
      }
    >
      <button
        ref={button}
        type="button"
        className={styles.quote}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={(event) => {
          // A click without a pointer is Enter or Space: the keyboard goes where the price is told, which stands elsewhere in the page.
          if (event.detail === 0) requestAnimationFrame(() => document.querySelector<HTMLElement>(TO_WALLET)?.focus());
        }}
      >
        {isShort && <TriangleAlert size={14} aria-label={t('quote.tooLittle')} className={styles.quoteShort} />}
        <CreditAmount credits={quote.total} />
        {quote.most === null && '+'} · ~{formatDuration(quote.estimateMs)}
      </button>
    </Popover>
  );
}
