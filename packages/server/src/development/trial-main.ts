import { importNodes } from '@imaginarium/engine';
import { endWithParent } from '../adapters/confined/end-with-parent.ts';
import { TRIAL_PASSED } from './trial-passed.ts';

// Loads a package once, in a process of its own, to see whether it can be: what it throws, or where it hangs, harms nobody here. Started by
// `tryPackage` with the folder and the entry. What goes wrong is left to Node to print, with file and line.

endWithParent();
const [folder = '', entry = ''] = process.argv.slice(2);
await importNodes(folder, entry);
process.stdout.write(TRIAL_PASSED, () => process.exit(0));
