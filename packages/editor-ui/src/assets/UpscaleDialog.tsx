import { type Asset, refuseUpscale, UPSCALE_TIERS } from '@imaginarium/protocol';
import AntApp from 'antd/es/app';
import { useTranslation } from 'react-i18next';
import { useStartUpscale, useUpscaleQuotes } from '../api/assets.ts';
import { TierDialog } from './TierDialog.tsx';

interface UpscaleDialogProps {
  asset: Asset;
  open: boolean;
  onClose: () => void;
}

/** Chooses how large an asset is upscaled, and begins it. */
export function UpscaleDialog({ asset, open, onClose }: UpscaleDialogProps) {
  const { t } = useTranslation('assets');
  const { message } = AntApp.useApp();
  const { original } = asset;
  const quotes = useUpscaleQuotes(asset.id, open);
  const start = useStartUpscale(asset.id);
  const offers = quotes.data?.map(({ tier, quote }) => {
    const scale = UPSCALE_TIERS[tier];
    const size = original?.width && original.height && { width: original.width, height: original.height };
    return {
      ...{ tier, quote, refusal: original ? refuseUpscale(original, tier) : undefined },
      result: size ? t('upscale.size', { width: size.width * scale, height: size.height * scale }) : undefined,
    };
  });
  const close = () => {
    start.reset();
    onClose();
  };
  return (
    <TierDialog
      title={t('upscale.title', { name: asset.name })}
      offers={offers}
      offersError={quotes.error}
      onLookAgain={() => void quotes.refetch()}
      open={open}
      onClose={close}
      onBegin={(chosen) =>
        start.mutate(chosen, {
          onSuccess: () => {
            void message.success(t('upscale.started'));
            close();
          },
          // What it costs may be what has changed.
          onError: () => void quotes.refetch(),
        })
      }
      isBeginning={start.isPending}
      error={start.error}
    />
  );
}
