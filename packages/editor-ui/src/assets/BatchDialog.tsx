import type { AssetSummary } from '@imaginarium/protocol';
import AntApp from 'antd/es/app';
import { useTranslation } from 'react-i18next';
import { useBatchQuotes, useStartUpscaleBatch } from '../api/assets.ts';
import styles from './TierDialog.module.css';
import { type ChosenTier, TierDialog } from './TierDialog.tsx';

interface BatchDialogProps {
  assets: readonly AssetSummary[];
  open: boolean;
  onClose: () => void;
  /** Called when it has begun. */
  onBegun: () => void;
}

/** Chooses how large several assets are upscaled, and begins that as one run. What would be left out is said by name before. */
export function BatchDialog({ assets, open, onClose, onBegun }: BatchDialogProps) {
  const { t } = useTranslation('assets');
  const { message, notification } = AntApp.useApp();
  const ids = assets.map(({ id }) => id);
  const quotes = useBatchQuotes(ids, open);
  const start = useStartUpscaleBatch();
  const refusedOf = (one: ChosenTier['tier']) => quotes.data?.find(({ tier }) => tier === one)?.refused ?? [];
  const offers = quotes.data?.map(({ tier, quote, error, refused }) => ({
    ...{ tier, quote, refusal: error?.message },
    result: t('batch.pictures', { count: assets.length, taken: assets.length - refused.length }),
    details: <Refusals assets={assets} refused={refused} />,
  }));
  const close = () => {
    start.reset();
    onClose();
  };
  const begin = (chosen: ChosenTier) => {
    const left = new Set(refusedOf(chosen.tier).map(({ item }) => item));
    const asked = assets.filter((_, item) => !left.has(item));
    start.mutate(
      { ...chosen, assetIds: asked.map(({ id }) => id) },
      {
        onSuccess: ({ items }) => {
          const refused = items.flatMap(({ error }, item) => (error ? { item, error } : []));
          void message.success(t('batch.started', { count: items.length - refused.length }));
          // What has changed since it was looked up.
          if (refused.length > 0)
            notification.warning({
              title: t('batch.refused', { count: refused.length }),
              description: <Refusals assets={asked} refused={refused} />,
              duration: false,
            });
          close();
          onBegun();
        },
        onError: () => void quotes.refetch(),
      },
    );
  };
  return (
    <TierDialog
      title={t('batch.title', { count: assets.length })}
      offers={offers}
      offersError={quotes.error}
      onLookAgain={() => void quotes.refetch()}
      open={open}
      onClose={close}
      onBegin={begin}
      isBeginning={start.isPending}
      error={start.error}
    />
  );
}

interface RefusalsProps {
  assets: readonly AssetSummary[];
  /** By the places of the assets. */
  refused: readonly { item: number; error: { message: string } }[];
}

function Refusals({ assets, refused }: RefusalsProps) {
  const { t } = useTranslation('assets');
  if (refused.length === 0) return null;
  return (
    <ul className={styles.refusals} aria-label={t('batch.left')}>
      {refused.map(({ item, error: { message } }) => {
        const name = assets[item]?.name ?? '';
        return <li key={item}>{message.includes(name) ? message : `${name}: ${message}`}</li>;
      })}
    </ul>
  );
}
