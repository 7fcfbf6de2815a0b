import type { AssetSummary } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { Sparkles } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './AssetsScreen.module.css';
import { BatchDialog } from './BatchDialog.tsx';

interface MarkedAssetsProps {
  marked: readonly AssetSummary[];
  onClear: () => void;
}

/** What can be done with the assets that are marked, in reach wherever the page is scrolled to. */
export function MarkedAssets({ marked, onClear }: MarkedAssetsProps) {
  const { t } = useTranslation('assets');
  const [upscaling, setUpscaling] = useState(false);
  return (
    <section className={styles.marked} aria-label={t('marked.label')}>
      <span role="status">{t('marked.count', { count: marked.length })}</span>
      <Button onClick={onClear}>{t('marked.clear')}</Button>
      <Button type="primary" icon={<Sparkles size={14} aria-hidden />} onClick={() => setUpscaling(true)}>
        {t('upscale.button')}
      </Button>
      <BatchDialog assets={marked} open={upscaling} onClose={() => setUpscaling(false)} onBegun={onClear} />
    </section>
  );
}
