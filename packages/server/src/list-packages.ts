import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodePackage } from '@imaginarium/protocol';
import { ConfinedPackages } from './adapters/confined/confined-packages.ts';
import type { Config } from './config.ts';
import { openRegistry, type PackageFolder } from './packages.ts';

/** Loads all node packages as a server of these settings does, says what became of each, and lets go of them again. */
export async function listPackages(config: Config, packages: readonly PackageFolder[]): Promise<NodePackage[]> {
  const registry = await openRegistry(packages);
  const workFolder = await mkdtemp(join(tmpdir(), 'imaginarium-packages-'));
  const confined = new ConfinedPackages({
    ...{ folders: config.confinedPackages, granted: config.confinedNet, registry, workFolder },
    ...{ memoryMb: config.mediaMemoryMb, concurrency: 1 },
  });
  try {
    await confined.load();
    return registry.packages();
  } finally {
    confined.close();
    // Each process takes its folder with it while it ends.
    await rm(workFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}
