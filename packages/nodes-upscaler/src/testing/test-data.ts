import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where networks and photos for tests lie; they are too large, and not ours, for the repository. */
const folder =
  process.env.IMAGINARIUM_TEST_DATA ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url));

/** The folder of real networks, or undefined where it is absent. */
export const realModels = existsSync(join(folder, 'models')) ? join(folder, 'models') : undefined;

/** The folder of real pictures, or undefined where it is absent. */
export const realImages = existsSync(join(folder, 'images')) ? join(folder, 'images') : undefined;

/** What the name of a skipped test says. */
export const whySkipped = realModels ? '' : ` (left out: no ${join(folder, 'models')}; set IMAGINARIUM_TEST_DATA)`;
