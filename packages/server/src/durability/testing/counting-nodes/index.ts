import { appendFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import {
  choice,
  defineLoop,
  defineNode,
  definePackage,
  defineTrigger,
  emit,
  json,
  number,
  port,
  text,
  wait,
} from '@imaginarium/node-sdk';

const common = { version: 1, summary: 'For tests.', group: 'flow', icon: 'box' } as const;
const params = {
  file: text({ title: 'Where effects are counted', default: '' }),
  workMs: number({ title: 'Milliseconds it works', default: 5 }),
};

/** The effect of a node: a line that stays, whatever becomes of the process. */
async function takeEffect(given: { file: string; workMs: number }, key: string, signal: AbortSignal): Promise<void> {
  await setTimeout(given.workMs, undefined, { signal });
  appendFileSync(given.file, `${key}\n`);
  await setTimeout(given.workMs, undefined, { signal });
}

const source = defineNode({
  ...{ ...common, type: 'counting.source', title: 'Source', effects: 'idempotent' },
  ...{ inputs: {}, outputs: { document: port.document() }, params, credits: 3 },
  yields: () => 2,
  async execute({ params: given, files, idempotencyKey, signal }) {
    await takeEffect(given, idempotencyKey, signal);
    const made = ['a', 'b'].map((name) =>
      files.write(Buffer.from(`${idempotencyKey},${name}\n`), { name: `${name}.csv` }),
    );
    return { document: emit((await Promise.all(made)).map((value) => ({ value }))) };
  },
});

function handsOn(type: string, title: string, effects: 'idempotent' | 'once') {
  return defineNode({
    ...{ ...common, type, title, effects, params },
    // Two items are three and a half: what the run owes is rounded again and again.
    credits: ({ items }) => 1.75 * items,
    ...{ inputs: { document: port.document() }, outputs: { document: port.document() } },
    async execute({ params: given, input, idempotencyKey, signal }) {
      await takeEffect(given, idempotencyKey, signal);
      return { document: input.document };
    },
  });
}

/** Hands on what it gets, once a person has approved of it. */
const asks = defineNode({
  ...{ ...common, type: 'counting.ask', title: 'Asks', effects: 'idempotent', waits: true, mode: 'all', params },
  ...{ inputs: { document: port.document() }, outputs: { document: port.document() } },
  yields: ({ items }) => items,
  execute({ items: { document }, resumed }) {
    if (!resumed) return wait({ kind: 'approval', message: 'Go on?', role: 'owner', pictures: [], items: 2 });
    return { document: emit(document.map((item, from) => ({ ...item, from }))) };
  },
});

/** Listens to the clock. */
const clock = defineTrigger({
  ...{ type: 'counting.clock', version: 1, trigger: 'schedule', title: 'Clock', summary: 'For tests.', icon: 'clock' },
  outputs: { tick: port.json() },
  params: {
    cron: text({ title: 'Times', default: '0 9 * * *' }),
    timeZone: text({ title: 'Time zone', default: 'UTC' }),
    missed: choice({ title: 'Missed', options: ['skip', 'once'], default: 'skip' }),
    sample: json({ title: 'Example', default: {} }),
  },
  execute: ({ params: { sample } }) => ({ tick: sample }),
});

/** Lets the run wait for a while. */
const rests = defineNode({
  ...{ ...common, type: 'counting.rest', title: 'Rests', effects: 'idempotent', waits: true },
  ...{ inputs: { tick: port.json() }, outputs: { tick: port.json() } },
  params: { forMs: number({ title: 'Milliseconds', default: 0 }) },
  execute: ({ input: { tick }, params: { forMs }, resumed }) =>
    resumed ? { tick } : wait({ kind: 'time', afterMs: forMs }),
});

/** Starts a run of another workflow, and waits for its end. */
const starts = defineNode({
  ...{ ...common, type: 'counting.start', title: 'Starts', effects: 'idempotent', waits: 'runs' },
  ...{ inputs: {}, outputs: { document: port.document() } },
  params: { workflowId: text({ title: 'The workflow', default: '' }) },
  execute: ({ params: { workflowId } }) => wait({ kind: 'run', workflowId, version: 1, inputs: {} }),
});

/** Runs what stands in it for one item after the other. */
const each = defineLoop({
  ...{ ...common, type: 'counting.each', title: 'Each', params },
  ...{ inputs: { items: port.document() }, outputs: { results: port.document() } },
  gives: { item: { ...port.document(), of: 'items' } },
  takes: { result: { ...port.document(), into: 'results' } },
  each: () => ({ size: 1, atOnce: 1 }),
});

export default definePackage({
  nodes: [
    source,
    each,
    asks,
    starts,
    clock,
    rests,
    handsOn('counting.again', 'May be repeated', 'idempotent'),
    handsOn('counting.once', 'Must not be repeated', 'once'),
  ],
});
