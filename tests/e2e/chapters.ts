import { assetChapters } from './assets.ts';
import { editChapters } from './editing.ts';
import { faultChapters } from './faults.ts';
import { firstRunChapters } from './first-run.ts';
import { loopChapters } from './loops.ts';
import { modelChapters } from './models.ts';
import { pricesChapters } from './prices.ts';
import { queueChapters } from './queue.ts';
import { runChapters } from './runs.ts';
import { setUpChapters } from './set-up.ts';
import type { Chapter } from './story.ts';
import { waitingChapters } from './waiting.ts';
import { walletChapters } from './wallet.ts';

/** The story of a new user, in the order it happens. */
export const chapters: readonly Chapter[] = [
  ...setUpChapters,
  ...firstRunChapters,
  ...editChapters,
  ...runChapters,
  ...loopChapters,
  ...waitingChapters,
  ...queueChapters,
  ...walletChapters,
  ...pricesChapters,
  ...modelChapters,
  ...assetChapters,
  ...faultChapters,
];
