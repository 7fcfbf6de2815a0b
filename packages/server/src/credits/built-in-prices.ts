import type { PriceList } from '@imaginarium/protocol';

const AVATAR = 'generator.avatar';
const POSE = 'generator.pose';
const CAROUSEL = 'carousel.slides';
const PROFESSIONAL = 'upscaler.professional';
const BILLBOARD = 'upscaler.billboard';

/** The prices that Imaginarium ships with: version 0. An owner's edits are versions 1, 2, 3 and so on. */
export const BUILT_IN_PRICES: PriceList = {
  version: 0,
  rules: [
    { type: 'upscaler.free', credits: 0, per: 'item', limit: 50 },
    { type: 'upscaler.standard', credits: 15, per: 'item', batch: { from: 5, percentOff: 20 }, limit: 20 },
    { type: PROFESSIONAL, credits: 35, per: 'item', batch: { from: 5, percentOff: 20 }, limit: 10 },
    { type: BILLBOARD, credits: 75, per: 'item', batch: { from: 2, percentOff: 15 }, limit: 3 },
    {
      ...{ type: 'upscaler.super-resolution', credits: 15, per: 'item' },
      ...{ batch: { from: 5, percentOff: 20 }, limit: 20 },
    },
    {
      ...{ type: 'upscaler.to-size', credits: 75, per: 'item', batch: { from: 5, percentOff: 20 }, limit: 10 },
      // A size costs what the tier does that reaches it from a common photo; a size of one's own may need all 16 times.
      choices: { param: 'target', credits: { '2k': 15, '4k': 35, '8k': 75 } },
    },
    { type: AVATAR, credits: 10, per: 'item' },
    { type: POSE, credits: 15, per: 'item' },
    { type: CAROUSEL, credits: 25, per: 'step' },
  ],
  bundles: [
    { id: 'pose-billboard', title: 'Pose and billboard', types: [POSE, BILLBOARD], off: 5 },
    {
      ...{ id: 'avatar-professional-carousel', title: 'Avatar, professional upscale and carousel' },
      ...{ types: [AVATAR, PROFESSIONAL, CAROUSEL], off: 5 },
    },
    {
      ...{ id: 'pose-billboard-carousel', title: 'Pose, billboard and carousel' },
      ...{ types: [POSE, BILLBOARD, CAROUSEL], off: 10 },
    },
  ],
  currency: { code: 'IDR', perCredit: 100 },
};
