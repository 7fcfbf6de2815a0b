import { TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { describe, expect, it } from 'vitest';
import { approve } from './approve.ts';

describe('flow.approve', () => {
  it('asks with the pictures that reached it, and no others', async () => {
    await using files = new TestFiles();
    const png = await files.write(new Uint8Array([137, 80, 78, 71]), { name: 'a.png', mime: 'image/png' });
    const note = await files.write(new TextEncoder().encode('hello'), { name: 'a.txt', mime: 'text/plain' });
    const items = [png, note, 'text', ...Array.from({ length: 20 }, () => png)].map((item) => ({ input: { item } }));
    const { waits } = await testNode(approve).params({ who: 'owner', message: 'Well?' }).items(items).run();
    expect(waits).toMatchObject([
      { kind: 'approval', message: 'Well?', role: 'owner', items: 23, afterMs: 30 * 86_400_000 },
    ]);
    expect(waits[0]?.kind === 'approval' && waits[0].pictures).toEqual(Array.from({ length: 12 }, () => png));
  });

  it.each(['approved', 'rejected'] as const)('lets all items out by %s, with who said so and why', async (decision) => {
    const items = ['a', 'b'].map((item) => ({ input: { item }, fields: { name: item } }));
    const value = { decision, comment: 'Too dark.', by: 'Ada' };
    const { outputs, logs } = await testNode(approve).items(items).resumed({ timeIsUp: false, value }).run();
    const said = { decision, decidedBy: 'Ada', comment: 'Too dark.' };
    expect(outputs).toEqual({
      ...{ approved: [], rejected: [], noAnswer: [] },
      [decision]: ['a', 'b'].map((name) => ({ value: name, fields: { name, ...said } })),
    });
    expect(logs).toMatchObject([{ message: `Ada ${decision} it: Too dark.` }]);
  });

  it('lets them out by No answer when nobody answers in time', async () => {
    const { outputs } = await testNode(approve)
      .items([{ input: { item: 'a' } }])
      .resumed({ timeIsUp: true, value: null })
      .run();
    expect([outputs.noAnswer?.length, outputs.approved?.length]).toEqual([1, 0]);
  });
});
