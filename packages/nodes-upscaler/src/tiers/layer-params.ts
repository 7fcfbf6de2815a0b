import { toggle } from '@imaginarium/node-sdk';

const matchColours = (on: boolean) =>
  toggle({
    title: 'Match the colours of the input',
    help: 'Takes out tints that networks add. For a halftone or a dithered picture, which come out darker or lighter without it.',
    default: on,
    advanced: true,
  });

/** What a person chooses in a tier that puts no layers together unless it is asked to. */
export const COLOUR_PARAMS = { matchColours: matchColours(false) };

/** What a person chooses in tiers that put layers together. */
export const LAYER_PARAMS = {
  matchColours: matchColours(true),
  background: toggle({
    title: 'Smooth the background',
    help: 'Takes noise out of flat areas such as sky and walls. Detail is not touched.',
    default: true,
    advanced: true,
  }),
};
