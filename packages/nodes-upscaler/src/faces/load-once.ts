import type { InstalledModel } from '../catalogue/find-installed.ts';

/** Opens each model once in a process: sessions that are made and released again leak memory. A failure is not kept, for the file may be mended. */
export function loadOnce<Loaded>(
  open: (model: InstalledModel) => Promise<Loaded>,
): (model: InstalledModel) => Promise<Loaded> {
  const loaded = new Map<string, Promise<Loaded>>();
  return (model) => {
    const key = `${model.path} ${model.entry.sha256}`;
    const known = loaded.get(key);
    if (known) return known;
    const opened = open(model);
    loaded.set(key, opened);
    opened.catch(() => loaded.delete(key));
    return opened;
  };
}
