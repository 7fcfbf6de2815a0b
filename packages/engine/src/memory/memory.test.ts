import { describe, it } from 'vitest';
import {
  fileStoreConformance,
  runCreditsConformance,
  runQueueConformance,
  runStoreConformance,
  runWaitsConformance,
  stepCacheConformance,
} from '../testing/index.ts';
import { MemoryFileStore } from './memory-file-store.ts';
import { MemoryRunQueue } from './memory-run-queue.ts';
import { MemoryRunStore } from './memory-run-store.ts';
import { MemoryStepCache } from './memory-step-cache.ts';

describe('MemoryRunStore', () => {
  for (const check of runStoreConformance) it(check.name, () => check.run(async () => new MemoryRunStore()));
});

describe('MemoryRunWaits', () => {
  const make = async () => {
    const store = new MemoryRunStore();
    return { store, waits: store.waits };
  };
  for (const check of runWaitsConformance) it(check.name, () => check.run(make));
});

describe('MemoryRunQueue', () => {
  const make = async () => ({ queue: new MemoryRunQueue(), store: new MemoryRunStore() });
  for (const check of runQueueConformance) it(check.name, () => check.run(make));
});

describe('MemoryStepCache', () => {
  for (const check of stepCacheConformance) it(check.name, () => check.run(async () => new MemoryStepCache()));
});

describe('MemoryFileStore', () => {
  for (const check of fileStoreConformance) it(check.name, () => check.run(async () => new MemoryFileStore()));
});

describe('the credits of MemoryRunStore', () => {
  const make = async () => {
    const store = new MemoryRunStore(Date.now, 100);
    return { store, available: async () => store.available };
  };
  for (const check of runCreditsConformance) it(check.name, () => check.run(make));
});
