import Button from 'antd/es/button';
import Skeleton from 'antd/es/skeleton';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../api/node-types.ts';
import { usageCsvUrl, useUsage } from '../api/usage.ts';
import { useTitle } from '../app/use-title.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { FlowPicture } from '../components/FlowPicture.tsx';
import { LinkButton } from '../components/LinkButton.tsx';
import { UsageByDay } from './UsageByDay.tsx';
import { UsageFilterBar } from './UsageFilterBar.tsx';
import styles from './UsageScreen.module.css';
import { UsageTable } from './UsageTable.tsx';
import { useUsageFilter } from './use-usage-filter.ts';

/** What the workspace used: credits of each day by node type, and sums by what a person chooses. */
export function UsageScreen() {
  const { t } = useTranslation('usage');
  useTitle(t('title'));
  const { view, filter, hrefOf, change } = useUsageFilter();
  const usage = useUsage(filter, view.by);
  const titleOf = useTitles();
  const { data } = usage;
  return (
    <>
      <div className={styles.head}>
        <h1>{t('title')}</h1>
        <UsageFilterBar view={view} range={data} onChange={change} />
        <Button href={usageCsvUrl(filter, view.by)} download="usage.csv" icon={<Download size={14} aria-hidden />}>
          {t('csv')}
        </Button>
      </div>
      <p className={styles.lead}>{t('lead')}</p>
      {usage.error && !usage.isPlaceholderData && (
        <ErrorNotice error={usage.error} title={t('failed')} onRetry={() => void usage.refetch()} />
      )}
      {usage.isPending && (
        <div role="status" aria-label={t('loading')}>
          <Skeleton active title={false} paragraph={{ rows: 8 }} />
        </div>
      )}
      {data?.rows.length === 0 && (
        <EmptyState
          picture={<FlowPicture width={260} />}
          title={t('empty.title')}
          action={<LinkButton to="/">{t('empty.action')}</LinkButton>}
        >
          {t('empty.text')}
        </EmptyState>
      )}
      {data && data.rows.length > 0 && (
        <>
          <UsageByDay filter={filter} titleOf={titleOf} />
          <UsageTable usage={data} titleOf={titleOf} hrefOf={hrefOf} />
        </>
      )}
    </>
  );
}

/** What node types are called; those that are not installed keep the name of their type. */
function useTitles(): (type: string) => string {
  const catalogue = useCatalogue();
  return (type) => catalogue.versionsOf(type)[0]?.title ?? type;
}
