import type { Wait } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import Input from 'antd/es/input';
import { Check, X } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnswerWait } from '../api/waits.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import styles from './WaitCard.module.css';

/** Approve or Reject, with a comment; for whoever may not, whom to ask. */
export function ApprovalForm({ wait }: { wait: Wait }) {
  const { t } = useTranslation('waits');
  const field = useId();
  const [comment, setComment] = useState('');
  const answer = useAnswerWait();
  const { about } = wait;
  if (about.kind !== 'approval') return null;
  if (!wait.mayAnswer) return <p className={styles.quiet}>{t('approval.notYours', { who: t(`who.${about.role}`) })}</p>;
  const say = (decision: 'approved' | 'rejected') => answer.mutate({ wait, decision, comment });
  const saying = answer.isPending ? answer.variables.decision : undefined;
  return (
    <div className={styles.form}>
      <label htmlFor={field}>{t('approval.comment')}</label>
      <Input.TextArea
        id={field}
        value={comment}
        maxLength={2000}
        autoSize={{ minRows: 1, maxRows: 6 }}
        placeholder={t('approval.commentHint')}
        onChange={(event) => setComment(event.target.value)}
      />
      <div className={styles.buttons}>
        <Button
          type="primary"
          icon={<Check size={15} aria-hidden />}
          loading={saying === 'approved'}
          disabled={saying === 'rejected'}
          onClick={() => say('approved')}
        >
          {t('approval.approve')}
        </Button>
        <Button
          danger
          icon={<X size={15} aria-hidden />}
          loading={saying === 'rejected'}
          disabled={saying === 'approved'}
          onClick={() => say('rejected')}
        >
          {t('approval.reject')}
        </Button>
      </div>
      {answer.error && <ErrorNotice error={answer.error} title={t('approval.failed')} />}
    </div>
  );
}
