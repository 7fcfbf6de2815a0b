import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MediaPool } from '../adapters/media/media-pool.ts';
import type { Config } from '../config.ts';
import { openRegistry, type PackageFolder } from '../packages.ts';
import { ModelManager } from './model-manager.ts';

export type { ModelManager };

/** The models of an installation, without its server and its database. */
export interface OpenModels extends AsyncDisposable {
  manager: ModelManager;
}

/**
 * Opens the models for one command. What a server beside it does to the same folder is seen.
 * @param onError told of a model that was installed and could not be measured.
 */
export async function openModels(
  config: Pick<Config, 'modelsDir' | 'modelsProxy' | 'modelsMirror' | 'pixelLimit' | 'mediaMemoryMb'>,
  packages: readonly PackageFolder[],
  onError: (error: unknown, message: string) => void,
): Promise<OpenModels> {
  const registry = await openRegistry(packages);
  const cacheFolder = await mkdtemp(join(tmpdir(), 'imaginarium-models-'));
  const { pixelLimit, mediaMemoryMb: memoryMb } = config;
  const media = new MediaPool({ packages, cacheFolder, pixelLimit, memoryMb, concurrency: 1 });
  const manager = new ModelManager({
    ...{ folder: config.modelsDir, kits: () => registry.models(), workshop: media, onError },
    ...{ proxyUrl: config.modelsProxy, mirrorUrl: config.modelsMirror },
  });
  return {
    manager,
    async [Symbol.asyncDispose]() {
      await manager.close();
      media.close();
      await rm(cacheFolder, { recursive: true, force: true });
    },
  };
}
