import Button from 'antd/es/button';
import { useTranslation } from 'react-i18next';
import { useNotices, useReadNotices } from '../api/notices.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { NoticeCard } from './NoticeCard.tsx';
import styles from './NoticeSection.module.css';

/** What the person was told, the newest first; nothing where they were told nothing. */
export function NoticeSection() {
  const { t } = useTranslation('notices');
  const notices = useNotices();
  const read = useReadNotices();
  const list = notices.data?.pages.flatMap((page) => page.notices) ?? [];
  const [newest] = list;
  const unread = notices.data?.pages[0]?.unread ?? 0;
  if (notices.error && !notices.data)
    return <ErrorNotice error={notices.error} title={t('loadFailed')} onRetry={() => void notices.refetch()} />;
  if (!newest) return null;
  return (
    <section className={styles.section} aria-labelledby="notices">
      <div className={styles.head}>
        <h2 id="notices">{t('title')}</h2>
        {unread > 0 && (
          <Button loading={read.isPending} onClick={() => read.mutate({ upTo: newest.createdAt })}>
            {t('readAll')}
          </Button>
        )}
      </div>
      {read.error && <ErrorNotice error={read.error} title={t('readFailed')} />}
      <ul className={styles.list}>
        {list.map((notice) => (
          <NoticeCard key={notice.id} notice={notice} onRead={() => read.mutate({ ids: [notice.id] })} />
        ))}
      </ul>
      {notices.hasNextPage && (
        <Button
          className={styles.more}
          loading={notices.isFetchingNextPage}
          onClick={() => void notices.fetchNextPage()}
        >
          {t('more')}
        </Button>
      )}
    </section>
  );
}
