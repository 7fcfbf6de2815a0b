/** What one workspace package may import. A package that is not in the table fails the check. */
export interface Layer {
  /** Own packages it may import, by folder name under `packages/`. */
  readonly own: readonly string[];
  /** Outside packages it may import; `listed` means every one its package.json lists. */
  readonly outside: readonly string[] | 'listed';
  /** Node builtins it may import, without `node:`. */
  readonly builtins: readonly string[] | 'any';
  /** Files that may import builtins the rest of the package may not, by path under the package's folder. */
  readonly files?: readonly LayerException[];
}

/** Builtins that only the files below one path may import. */
export interface LayerException {
  /** A file, or a folder when it ends in `/`. */
  readonly under: string;
  readonly builtins: readonly string[] | 'any';
}

/** Who may know whom: the table of docs/architecture.md. */
export const layers: Readonly<Record<string, Layer>> = {
  protocol: { own: [], outside: ['zod'], builtins: [] },
  'node-sdk': {
    own: ['protocol'],
    outside: [],
    builtins: [],
    // The test harness writes files for the node under test; it runs in Node only.
    files: [{ under: 'src/testing/', builtins: 'any' }],
  },
  engine: {
    own: ['protocol', 'node-sdk'],
    outside: [],
    builtins: [
      'async_hooks',
      'buffer',
      'crypto',
      'events',
      'perf_hooks',
      'stream',
      'timers',
      'timers/promises',
      'util',
    ],
    files: [
      { under: 'src/packages/', builtins: ['fs', 'fs/promises', 'module', 'path', 'url'] },
      { under: 'src/testing/', builtins: 'any' },
    ],
  },
  pictures: {
    own: ['node-sdk'],
    outside: ['sharp'],
    // The memory there is for pictures is read from the system; texts in a PNG are compressed.
    builtins: ['fs', 'fs/promises', 'os', 'path', 'stream/promises', 'zlib'],
  },
  'nodes-base': { own: ['node-sdk', 'pictures'], outside: 'listed', builtins: 'any' },
  'nodes-upscaler': { own: ['node-sdk', 'pictures'], outside: 'listed', builtins: 'any' },
  server: { own: ['protocol', 'node-sdk', 'engine', 'pictures'], outside: 'listed', builtins: 'any' },
  client: { own: ['protocol'], outside: ['socket.io-client'], builtins: [] },
  'editor-ui': { own: ['protocol', 'client'], outside: 'listed', builtins: [] },
  cli: { own: ['protocol', 'server', 'client'], outside: 'listed', builtins: 'any' },
};

/** Rooms whose folders stand in an order: none of them imports one that imports it, even in a roundabout way. Each ends in `/`. */
export const orderedRooms: readonly string[] = ['packages/engine/src/', 'packages/server/src/adapters/typeorm/'];

/** The only places that read the process's environment; tests may too. Paths from the root; a folder ends in `/`. */
export const environmentReaders: readonly string[] = ['packages/server/src/config.ts', 'packages/cli/src/'];

/** Folders outside `packages/` that test files may import from. */
export const sharedTestFolders: readonly string[] = ['tests/services/'];
