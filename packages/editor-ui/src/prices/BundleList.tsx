import Button from 'antd/es/button';
import Select from 'antd/es/select';
import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { PriceField } from './PriceField.tsx';
import styles from './PricesScreen.module.css';
import { type BundleDraft, bundleId } from './price-draft.ts';
import type { PriceDraftState } from './use-price-draft.ts';

/** Node types that cost less together, to edit. */
export function BundleList({ state }: { state: PriceDraftState }) {
  const { t } = useTranslation('prices');
  const { draft, edit } = state;
  const add = () => {
    const title = t('bundles.new');
    edit({ bundles: [...draft.bundles, { id: bundleId(title, draft.bundles), title, types: [], off: '5' }] });
  };
  return (
    <section className={styles.section} aria-labelledby="bundles">
      <h2 id="bundles">{t('bundles.title')}</h2>
      <p className={styles.lead}>{t('bundles.lead')}</p>
      {draft.bundles.map((bundle, index) => (
        <Bundle key={bundle.id} bundle={bundle} index={index} state={state} />
      ))}
      <Button icon={<Plus size={14} aria-hidden />} onClick={add}>
        {t('bundles.add')}
      </Button>
    </section>
  );
}

function Bundle({ bundle, index, state }: { bundle: BundleDraft; index: number; state: PriceDraftState }) {
  const { t } = useTranslation('prices');
  const { draft, edit, touch, problemAt } = state;
  const change = (part: Partial<BundleDraft>) =>
    edit({ bundles: draft.bundles.map((entry) => (entry === bundle ? { ...entry, ...part } : entry)) });
  const place = (name: string) => `bundles.${index}.${name}`;
  const error = (name: 'title' | 'types' | 'off') => problemAt(place(name)) && t(`bad.${name}`);
  const named = { title: bundle.title };
  return (
    <div className={styles.bundle}>
      <PriceField
        wide
        label={t('bundles.name', named)}
        value={bundle.title}
        onChange={(title) => change({ title })}
        onLeave={() => touch(place('title'))}
        error={error('title')}
      />
      <div className={styles.types}>
        <Select
          mode="multiple"
          aria-label={t('bundles.types', named)}
          aria-invalid={error('types') !== undefined}
          status={error('types') ? 'error' : ''}
          value={bundle.types}
          options={draft.rules.map(({ type }) => ({ value: type, label: type }))}
          onChange={(types: string[]) => change({ types })}
          onBlur={() => touch(place('types'))}
        />
        {error('types') && <span className={styles.error}>{error('types')}</span>}
      </div>
      <PriceField
        label={t('bundles.off', named)}
        value={bundle.off}
        suffix={t('bundles.offSuffix')}
        onChange={(off) => change({ off })}
        onLeave={() => touch(place('off'))}
        error={error('off')}
      />
      <Button
        type="text"
        aria-label={t('bundles.remove', named)}
        icon={<Trash2 size={15} aria-hidden />}
        onClick={() => edit({ bundles: draft.bundles.filter((entry) => entry !== bundle) })}
      />
    </div>
  );
}
