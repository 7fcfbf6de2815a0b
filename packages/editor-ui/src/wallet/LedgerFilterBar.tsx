import { TRANSFER_KINDS, type TransferKind } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import Input from 'antd/es/input';
import Select from 'antd/es/select';
import { X } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { LedgerFilter } from './use-ledger-filter.ts';
import styles from './WalletScreen.module.css';

interface LedgerFilterBarProps {
  filter: LedgerFilter;
  onChange: (part: LedgerFilter) => void;
}

/** Narrows the ledger by kind and by days, and lets go of the one run that a receipt asked for. */
export function LedgerFilterBar({ filter, onChange }: LedgerFilterBarProps) {
  const { t } = useTranslation('wallet');
  const id = useId();
  return (
    <div className={styles.bar}>
      {filter.run !== undefined && (
        <Button icon={<X size={14} aria-hidden />} iconPlacement="end" onClick={() => onChange({ run: undefined })}>
          {t('filter.run')}
        </Button>
      )}
      <Select
        aria-label={t('filter.kind')}
        className={styles.kinds}
        allowClear
        placeholder={t('filter.anyKind')}
        value={filter.kind}
        options={TRANSFER_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
        onChange={(kind: TransferKind | undefined) => onChange({ kind })}
      />
      {(['from', 'to'] as const).map((end) => (
        <div key={end} className={styles.day}>
          <label htmlFor={id + end}>{t(`filter.${end}`)}</label>
          <Input
            id={id + end}
            type="date"
            value={filter[end] ?? ''}
            onChange={(event) => onChange({ [end]: event.target.value || undefined })}
          />
        </div>
      ))}
    </div>
  );
}
