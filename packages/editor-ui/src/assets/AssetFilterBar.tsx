import { type UpscaleTier, upscaleTierSchema } from '@imaginarium/protocol';
import Input from 'antd/es/input';
import Select from 'antd/es/select';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AssetFilter } from '../api/query-keys.ts';
import { useSettled } from '../components/use-settled.ts';
import styles from './AssetsScreen.module.css';
import { scaleWord } from './tier-words.ts';

interface AssetFilterBarProps {
  filter: AssetFilter;
  /** The applications that are known to have sent assets. */
  apps: readonly string[];
  onChange: (part: Partial<AssetFilter>) => void;
}

/** Narrows the list by name, by how large an asset was upscaled, and by where it came from. */
export function AssetFilterBar({ filter, apps, onChange }: AssetFilterBarProps) {
  const { t } = useTranslation('assets');
  const [text, setText] = useState(filter.q ?? '');
  const [searched, setSearched] = useState(filter.q);
  // The address bar may have changed by itself, as when somebody goes back.
  if (searched !== filter.q) {
    setSearched(filter.q);
    if ((filter.q ?? '') !== text.trim()) setText(filter.q ?? '');
  }
  const settled = useSettled(text).trim() || undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the address bar says by itself is not searched for again.
  useEffect(() => {
    if (settled !== filter.q) onChange({ q: settled });
  }, [settled]);
  return (
    <div className={styles.bar}>
      <Input
        className={styles.search}
        type="search"
        allowClear
        maxLength={200}
        prefix={<Search size={14} aria-hidden />}
        aria-label={t('search')}
        placeholder={t('search')}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <Select<UpscaleTier>
        className={styles.choice}
        aria-label={t('tierFilter')}
        allowClear
        placeholder={t('anyTier')}
        value={filter.tier ?? null}
        options={upscaleTierSchema.options.map((tier) => ({ value: tier, label: scaleWord(tier) }))}
        onChange={(tier: UpscaleTier | undefined) => onChange({ tier })}
      />
      {apps.length > 0 && (
        <Select<string>
          className={styles.choice}
          aria-label={t('appFilter')}
          allowClear
          placeholder={t('anyApp')}
          value={filter.sourceApp ?? null}
          options={apps.map((app) => ({ value: app, label: app }))}
          onChange={(sourceApp: string | undefined) => onChange({ sourceApp })}
        />
      )}
    </div>
  );
}
