import { UPSCALE_TIERS, type UpscaleTier } from '@imaginarium/protocol';
import type { TFunction } from 'i18next';

/** How many times as large a tier makes a picture: "4x". */
export function scaleWord(tier: UpscaleTier): string {
  return `${UPSCALE_TIERS[tier]}x`;
}

/** "4x · Standard". */
export function tierTitle(tier: UpscaleTier, t: TFunction<'assets'>): string {
  return `${scaleWord(tier)} · ${t(`tier.${tier}`)}`;
}
