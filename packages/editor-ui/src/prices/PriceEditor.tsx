import { ApiError } from '@imaginarium/client';
import type { PriceListWithHistory } from '@imaginarium/protocol';
import AntApp from 'antd/es/app';
import Button from 'antd/es/button';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { usePrices, usePublishPrices } from '../api/prices.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { BundleList } from './BundleList.tsx';
import { CurrencyFields } from './CurrencyFields.tsx';
import { PriceEffect } from './PriceEffect.tsx';
import { PriceHistory } from './PriceHistory.tsx';
import styles from './PricesScreen.module.css';
import { draftOf } from './price-draft.ts';
import { RuleTable } from './RuleTable.tsx';
import { usePriceDraft } from './use-price-draft.ts';

/** Prices as a draft: nothing counts before it is published, and what it would change is shown before. */
export function PriceEditor({ list }: { list: PriceListWithHistory }) {
  const { t } = useTranslation('prices');
  const { message } = AntApp.useApp();
  const state = usePriceDraft(list);
  const { draft, prices, changed, problems, begin, edit, showAll } = state;
  const publish = usePublishPrices();
  const current = usePrices();
  const form = useRef<HTMLDivElement>(null);
  const late = draft.after !== list.version || isConflict(publish.error);

  const send = () => {
    if (!prices) {
      showAll();
      // Once what is wrong is shown.
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    publish.mutate(
      { after: draft.after, prices },
      {
        onSuccess: (published) => {
          begin(draftOf(published.version, published));
          void message.success(t('publish.done', { version: published.version }));
        },
        onError: (error) => isConflict(error) && void current.refetch(),
      },
    );
  };
  return (
    <div ref={form}>
      <RuleTable state={state} />
      <BundleList state={state} />
      <CurrencyFields state={state} />
      {changed && <PriceEffect now={list} draft={prices} />}
      <PriceHistory
        list={list}
        onGoBack={(version) => {
          begin(draftOf(list.version, version));
          void message.info(t('history.drafted', { version: version.version }));
        }}
      />
      {late && changed && (
        <div role="alert" className={styles.notice}>
          <strong>{t('late.title', { version: list.version })}</strong>
          <p>{t('late.text')}</p>
          <Button
            size="small"
            onClick={() => {
              edit({ after: list.version });
              publish.reset();
            }}
          >
            {t('late.keep')}
          </Button>{' '}
          <Button size="small" onClick={() => begin(draftOf(list.version, list))}>
            {t('late.take')}
          </Button>
        </div>
      )}
      {publish.error && !isConflict(publish.error) && <ErrorNotice error={publish.error} title={t('publish.failed')} />}
      <div className={styles.bar}>
        <span className={styles.quiet} role="status">
          {changed
            ? problems.size > 0
              ? t('publish.wrong', { count: problems.size })
              : t('publish.draft', { version: list.version })
            : t('publish.same', { version: list.version })}
        </span>
        <Button disabled={!changed} onClick={() => begin(draftOf(list.version, list))}>
          {t('publish.discard')}
        </Button>
        <Button
          type="primary"
          disabled={!changed || late}
          title={changed ? (late ? t('publish.isLate') : undefined) : t('publish.nothing')}
          loading={publish.isPending}
          onClick={send}
        >
          {t('publish.submit', { version: list.version + 1 })}
        </Button>
      </div>
    </div>
  );
}

/** Whether somebody else published first. */
function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'prices-conflict';
}
