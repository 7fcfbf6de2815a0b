import { type FSWatcher, watch } from 'node:fs';

/** An editor saves in several steps: so long nothing more must happen before a save counts as done. */
const QUIET_MS = 80;

/**
 * Calls once things in any of these folders have changed and come to rest. Folders that are made later are the caller's to add.
 * @returns the function that stops it.
 */
export function watchFolders(folders: readonly string[], onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, QUIET_MS);
  };
  const watchers = folders.flatMap((folder): FSWatcher[] => {
    try {
      const watcher = watch(folder, heard);
      // A folder that is removed is missed at the next look.
      watcher.on('error', heard);
      return [watcher];
    } catch {
      return []; // It is gone already.
    }
  });
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
