import { routes } from '@imaginarium/protocol';
import type { Request, Response } from 'express';
import { expect, test } from 'vitest';
import { refuseBeforeOwner } from './first-run.ts';

/** Asks as from an address; answers with the code of the refusal, or `passed`. */
async function ask(hasOwner: boolean, remoteAddress: string | undefined, name: keyof typeof routes): Promise<string> {
  const check = refuseBeforeOwner({ hasOwner: async () => hasOwner })(routes[name]);
  const request = { socket: { remoteAddress } } as unknown as Request;
  try {
    let passed = 'waited';
    await check(request, {} as Response, () => {
      passed = 'passed';
    });
    return passed;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test('while there is no owner, other machines get the set-up and nothing else', async () => {
  for (const address of ['192.168.1.7', '::ffff:10.0.0.9', '2001:db8::1', undefined]) {
    expect(await ask(false, address, 'listWorkflows')).toBe('not-allowed');
    expect(await ask(false, address, 'signIn')).toBe('not-allowed');
    expect(await ask(false, address, 'getSetup')).toBe('passed');
    expect(await ask(false, address, 'setUp')).toBe('passed');
    expect(await ask(true, address, 'listWorkflows')).toBe('passed');
  }
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
    expect(await ask(false, address, 'listWorkflows')).toBe('passed');
});
