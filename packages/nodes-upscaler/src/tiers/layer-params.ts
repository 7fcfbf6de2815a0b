import { toggle } from '@imaginarium/node-sdk';

/** What a person chooses in tiers that put layers together. */
export const LAYER_PARAMS = {
  matchColours: toggle({
    title: 'Match the colours of the input',
    help: 'Takes out tints that networks add.',
    default: true,
    advanced: true,
  }),
  background: toggle({
    title: 'Smooth the background',
    help: 'Takes noise out of flat areas such as sky and walls. Detail is not touched.',
    default: true,
    advanced: true,
  }),
};
