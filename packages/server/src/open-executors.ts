import { join } from 'node:path';
import { LocalExecutor, type NodeExecutor, type NodeRegistry, WorkBudget } from '@imaginarium/engine';
import { freeMemoryMb } from '@imaginarium/pictures';
import type { Registry } from 'prom-client';
import { ConfinedPackages } from './adapters/confined/confined-packages.ts';
import { Circuits } from './adapters/http/circuits.ts';
import { GuardedHttp } from './adapters/http/guarded-http.ts';
import { MediaPool } from './adapters/media/media-pool.ts';
import { RunnerPool } from './adapters/runner/runner-pool.ts';
import type { Config } from './config.ts';
import type { DataFolders } from './data-folders.ts';
import { measureCircuits } from './http/metrics.ts';
import type { ReachKillPoint } from './kill-points/kill-points.ts';
import { executorWithKillPoints } from './kill-points/with-kill-points.ts';
import type { PackageFolder } from './packages.ts';

/** What executes the steps of runs, in this process and in others. */
export interface Executors {
  media: MediaPool;
  runner: RunnerPool;
  http: GuardedHttp;
  budget: WorkBudget;
  /** Who executes the nodes of a pool. */
  forPool(pool: string | undefined): NodeExecutor;
  /** Ends the processes and connections. */
  close(): Promise<void>;
}

interface ExecutorDeps {
  packages: readonly PackageFolder[];
  registry: NodeRegistry;
  folders: DataFolders;
  metrics: Registry;
  /** For tests; null everywhere else. */
  reach: ReachKillPoint | null;
}

/** Opens what executes steps. Processes are started when they are needed first. */
export async function openExecutors(
  config: Config,
  { packages, registry, folders, metrics, reach }: ExecutorDeps,
): Promise<Executors> {
  const media = new MediaPool({
    ...{ packages, cacheFolder: folders.cache, pixelLimit: config.pixelLimit },
    ...{ memoryMb: config.mediaMemoryMb, concurrency: config.mediaConcurrency },
  });
  const runner = new RunnerPool({
    ...{ folder: join(folders.work, 'runner'), concurrency: config.codeConcurrency },
    ...{ timeoutMs: config.codeTimeoutMs, memoryMb: config.codeMemoryMb },
  });
  const confined = new ConfinedPackages({
    ...{ folders: config.confinedPackages, granted: config.confinedNet, registry, workFolder: folders.work },
    ...{ memoryMb: config.mediaMemoryMb, concurrency: config.mediaConcurrency },
  });
  await confined.load();
  const local = reach ? executorWithKillPoints(new LocalExecutor(registry), reach) : new LocalExecutor(registry);
  const circuits = new Circuits();
  measureCircuits(metrics, circuits);
  const http = new GuardedHttp({ allowed: config.httpAllowed, fileLimitBytes: config.uploadLimitBytes, circuits });
  const budget = new WorkBudget({
    ...{ memoryMb: config.memoryBudgetMb, places: { media: config.mediaConcurrency }, freeMb: freeMemoryMb },
    heldMb: (pool) => (pool === 'media' ? media.heldMb : undefined),
  });
  return {
    ...{ media, runner, http, budget },
    forPool: (pool) => (pool === 'media' ? media : (confined.executorFor(pool) ?? local)),
    async close() {
      media.close();
      confined.close();
      runner.close();
      await http.close();
    },
  };
}
