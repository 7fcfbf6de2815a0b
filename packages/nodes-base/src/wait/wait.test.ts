import { testNode } from '@imaginarium/node-sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { waitNode } from './wait.ts';
import { readMoment } from './wait-until.ts';

const items = ['a', 'b'].map((item) => ({ input: { item }, fields: { name: item } }));

describe('flow.wait', () => {
  it('asks for a while of so many milliseconds', async () => {
    const { waits } = await testNode(waitNode).params({ for: 'duration', amount: 90, unit: 'days' }).items(items).run();
    expect(waits).toEqual([{ kind: 'time', afterMs: 90 * 86_400_000 }]);
  });

  it('lets all items through when its time has come', async () => {
    const resumed = { timeIsUp: true, value: null };
    const { outputs } = await testNode(waitNode).items(items).resumed(resumed).run();
    expect(outputs.item?.map(({ value, fields }) => [value, fields.name])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
  });

  it('gives what a call brought as an item, and the items that waited', async () => {
    const call = testNode(waitNode).params({ for: 'call' }).items(items);
    const { outputs } = await call.resumed({ timeIsUp: false, value: { paid: true } }).run();
    expect(outputs.answer).toEqual([{ value: { paid: true }, fields: { paid: true } }]);
    expect([outputs.item?.length, outputs.timeUp?.length]).toEqual([2, 0]);
    const late = await call.resumed({ timeIsUp: true, value: null }).run();
    expect([late.outputs.item?.length, late.outputs.answer?.length, late.outputs.timeUp?.length]).toEqual([0, 0, 2]);
  });

  it('waits for a call for ever with 0 days', async () => {
    const { waits } = await testNode(waitNode).params({ for: 'call', days: 0 }).run();
    expect(waits).toEqual([{ kind: 'callback' }]);
  });
});

describe('readMoment', () => {
  it('reads what people write, in UTC unless they name a time zone', () => {
    expect(
      ['2026-03-01', '2026-03-01 09:00', '2026-03-01T09:00:30Z', '2026-03-01T09:00+01:00'].map(readMoment),
    ).toEqual([
      '2026-03-01T00:00:00.000Z',
      '2026-03-01T09:00:00.000Z',
      '2026-03-01T09:00:30.000Z',
      '2026-03-01T08:00:00.000Z',
    ]);
  });

  it('reads every moment that is written in full', () => {
    const range = { min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true };
    fc.assert(fc.property(fc.date(range), (date) => readMoment(date.toISOString()) === date.toISOString()));
  });

  it.each(['', 'tomorrow', '9:00', '2026-02-30T25:00', '2026-13-01'])('refuses %j', (text) => {
    expect(() => readMoment(text)).toThrow('Until: expected a moment');
  });
});
