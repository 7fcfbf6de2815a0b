import Skeleton from 'antd/es/skeleton';
import { useTranslation } from 'react-i18next';
import { useQuestions } from '../api/waits.ts';
import { useTitle } from '../app/use-title.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { FlowPicture } from '../components/FlowPicture.tsx';
import { LinkButton } from '../components/LinkButton.tsx';
import { NoticeSection } from '../notices/NoticeSection.tsx';
import { WaitCard } from './WaitCard.tsx';
import styles from './WaitList.module.css';

/** What the bell is about: the questions of runs, first those that the person may answer, and what they were told. */
export function WaitingScreen() {
  const { t } = useTranslation('waits');
  useTitle(t('title'));
  const questions = useQuestions();
  const { data } = questions;
  const waits = data?.waits.toSorted((a, b) => Number(b.mayAnswer) - Number(a.mayAnswer));
  // What there is comes before a picture of nothing.
  const isEmpty = waits?.length === 0;
  return (
    <>
      <h1 className={styles.head}>{t('title')}</h1>
      {questions.error && !data && (
        <ErrorNotice error={questions.error} title={t('failed')} onRetry={() => void questions.refetch()} />
      )}
      {questions.isPending && <Skeleton active paragraph={{ rows: 4 }} />}
      {isEmpty && <NoticeSection />}
      {isEmpty && (
        <EmptyState
          picture={<FlowPicture />}
          title={t('empty.title')}
          action={<LinkButton to="/runs">{t('empty.action')}</LinkButton>}
        >
          {t('empty.text')}
        </EmptyState>
      )}
      <div className={styles.list}>
        {waits?.map((wait) => (
          <WaitCard key={wait.id} wait={wait} withRun />
        ))}
      </div>
      {data && data.total > data.waits.length && (
        <p className={styles.more}>{t('more', { count: data.total - data.waits.length })}</p>
      )}
      {!isEmpty && <NoticeSection />}
    </>
  );
}
