import { testNode } from '@imaginarium/node-sdk/testing';
import { describe, expect, it } from 'vitest';
import { schedule } from './schedule.ts';

describe('trigger.schedule', () => {
  it('gives one item with the time that was due', async () => {
    const sample = { at: '2026-03-29T01:00:00.000Z', late: true };
    const { outputs } = await testNode(schedule).params({ sample }).run();
    expect(outputs.tick).toEqual([{ value: sample, fields: sample }]);
  });
});
