import { randomUUID } from 'node:crypto';
import { type Checkpoint, type RunOutcome, systemClock } from '@imaginarium/engine';
import { aNewRun } from '@imaginarium/engine/testing';
import type { Failure, FileRef, Item, Step } from '@imaginarium/protocol';
import { afterAll, beforeAll } from 'vitest';
import { UPSCALE_NODE, upscaleGraph } from '../../../../assets/upscale-graph.ts';
import { UpscaleWatch } from '../../../../assets/upscale-watch.ts';
import type { ScratchKind } from '../../testing/scratch-databases.ts';
import { aFile, aStep, openWorld, type World } from '../../testing/world.ts';
import { SqlEndedUpscales } from '../ended-upscales.ts';

export const LONG_AGO = '2026-01-01T00:00:00.000Z';
export const EVER = '2126-01-01T00:00:00.000Z';

/** A database in which pictures are being upscaled, for the tests of the block that asks for it. */
export function upscalesOn(kind: ScratchKind) {
  const world = {} as World; // Filled before the first test.
  beforeAll(async () => {
    Object.assign(world, await openWorld(kind));
  });
  afterAll(() => world.remove());

  const errors: object[] = [];
  /** What a server does that has just started. */
  const look = (clock = systemClock) =>
    new UpscaleWatch({
      ...{ ended: new SqlEndedUpscales(world.database), runStore: world.runStore, clock },
      log: { error: (data) => errors.push(data) },
    }).look();

  /** A workspace with so many pictures that are being upscaled in one run. */
  async function place(pictures: number, { webhookUrl = null as string | null } = {}) {
    const { stores, workspaceId, workflowId } = await world.openOne();
    const originals = Array.from({ length: pictures }, (_, index) => aFile(`${workspaceId.slice(0, 8)} ${index}`));
    for (const file of originals) await stores.files.add(file);
    const runId = randomUUID();
    const begun = await stores.upscales.begin({
      ...{ runId, tier: 'standard', leftOut: ['before'], estimateMs: 12.6, webhookUrl },
      pictures: originals.map((original, place) => ({ place, item: place * 2, asset: { original }, credits: 15 })),
    });
    const queue = () => {
      const graph = upscaleGraph('standard', {}, { many: pictures > 1 });
      return world.runStore.accept(aNewRun({ id: runId, workspaceId, workflowId, graph, inputs: {} }));
    };
    const accept = async () => {
      await queue();
      const lease = await world.runStore.claim(runId, 'worker', 60_000);
      if (!lease) throw new Error('The run was not claimed.');
      return lease;
    };
    const states = async () => (await stores.upscales.ofRun(runId)).map(({ upscale }) => upscale.version.state);
    return { stores, workspaceId, runId, begun, originals, queue, accept, states };
  }

  return { errors, look, place, world };
}

/** Pictures that are being upscaled in one run. */
type Placed = Awaited<ReturnType<ReturnType<typeof upscalesOn>['place']>>;

/** The step that upscales, with a result for some pictures, and failures of others. */
export async function stepOf(
  { stores, runId, originals }: Placed,
  { failed = [] as number[] } = {},
): Promise<{ step: Step; made: FileRef[] }> {
  const made: FileRef[] = [];
  const items: Item[] = [];
  for (const [index, { name }] of originals.entries()) {
    if (failed.includes(index)) continue;
    const file = { ...aFile(`${runId.slice(0, 8)} made ${index}`), name: `${name}-4x.png`, width: 4, height: 8 };
    await stores.files.addMade(file, runId);
    made.push(file);
    const stages = [
      { stage: 'detect-faces', state: 'skipped', note: 'Install it with: imaginarium models pull yunet-n.' },
      { stage: 'restore-faces', state: 'skipped', note: 'There was no face to restore.' },
    ];
    items.push({ id: `i${index}`, file, fields: { number: index + 1, upscale: { stages } }, from: [] });
  }
  const failedItems = failed.map((index) => ({
    index,
    code: 'step-failed' as const,
    message: `${index} is broken.`,
  }));
  const step = aStep(UPSCALE_NODE, { outputs: { image: items }, itemsFailed: failed.length, failedItems });
  return { step, made };
}

/** How a run of such a step ends. */
export const ending = (
  step: Step,
  state: 'succeeded' | 'failed' = 'succeeded',
  creditsSpent = 0,
): [RunOutcome, Checkpoint] => {
  const error: Failure | null = state === 'failed' ? { code: 'step-failed', message: 'No.' } : null;
  return [
    { state, creditsSpent, error, cover: null },
    { steps: [step], events: [] },
  ];
};
