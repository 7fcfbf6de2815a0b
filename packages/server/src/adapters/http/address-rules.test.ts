import { describe, expect, test } from 'vitest';
import { AddressRules, isAllowable } from './address-rules.ts';

describe('AddressRules', () => {
  const PRIVATE = [
    ...['127.0.0.1', '127.9.9.9', '0.0.0.0', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ...['169.254.169.254', '100.64.0.1', '224.0.0.1', '255.255.255.255', '240.0.0.1', '192.0.2.1', '198.18.0.1'],
    ...['::', '::1', 'fe80::1', 'fc00::1', 'fd12:3456::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
    ...['64:ff9b::7f00:1', '2002:7f00:1::', '2001::1', '2001:db8::1', '::ffff:169.254.169.254', '::127.0.0.1'],
    ...['not an address', '', '1', '127.1'],
  ];
  test.each(PRIVATE)('refuses %j', (address) => expect(new AddressRules([]).allows(address)).toBe(false));

  test.each(['93.184.215.14', '1.1.1.1', '2606:2800:21f:cb07::1', '::ffff:1.1.1.1'])('allows %s', (address) =>
    expect(new AddressRules([]).allows(address)).toBe(true),
  );

  test('allows what the owner says, and nothing beside it', () => {
    const rules = new AddressRules(['10.1.0.0/16', '192.168.1.20', 'fd00:1::/32', 'NAS.local']);
    const allowed = ['10.1.2.3', '192.168.1.20', 'fd00:1::5', '::ffff:10.1.2.3'];
    expect(allowed.map((address) => rules.allows(address))).toEqual([true, true, true, true]);
    expect(['10.2.0.1', '192.168.1.21', 'fd00:2::5', '127.0.0.1'].some((address) => rules.allows(address))).toBe(false);
    expect([rules.trusts('nas.local'), rules.trusts('nas.local.'), rules.trusts('evil-nas.local')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('tells what can be allowed from what cannot be read', () => {
    expect(['nas.local', 'ollama', '10.0.0.0/8', '::1', 'fd00::/8', 'a-b.example.com'].every(isAllowable)).toBe(true);
    expect(['*', '10.0.0.0/99', 'http://nas', 'a b', '256.1.1.1', '*.example.com'].some(isAllowable)).toBe(false);
  });
});
