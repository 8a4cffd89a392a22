import { expect, it } from 'vitest';
import { settings } from '../../../functions/revoke-open-ssh/settings.ts';

it('B3.48 an empty block means SSH, with careful defaults', () => {
  expect(settings.parse({})).toEqual({
    ports: [{ port: 22, action: 'revoke' }],
    onWiderRange: 'revoke-if-unused',
    wideBlocks: { ipv4: 8, ipv6: 16, action: 'alert' },
    sharedGroups: 'revoke',
  });
});

it('B3.48 ports are numbers, or numbers with an action', () => {
  expect(settings.parse({ ports: [22, { port: 3389, action: 'alert' }, { port: 5985 }] }).ports).toEqual([
    { port: 22, action: 'revoke' },
    { port: 3389, action: 'alert' },
    { port: 5985, action: 'revoke' },
  ]);
});

it.each([
  [{ port: [22] }],
  [{ ports: [] }],
  [{ ports: [0] }],
  [{ ports: [65_536] }],
  [{ ports: ['22'] }],
  [{ ports: [22.5] }],
  [{ ports: [22, { port: 22, action: 'alert' }] }],
  [{ ports: [{ port: 22, action: 'close' }] }],
  [{ ports: [{ port: 22, acton: 'alert' }] }],
  [{ onWiderRange: 'sometimes' }],
  [{ wideBlocks: { ipv4: 0 } }],
  [{ wideBlocks: { ipv6: 129 } }],
  [{ wideBlocks: { ipv5: 8 } }],
  [{ wideBlocks: { ipv4: 33 } }],
  [{ wideBlocks: { ipv6: 0 } }],
  [{ sharedGroups: 'ignore' }],
])('refuses %j', (given) => {
  expect(settings.safeParse(given).success).toBe(false);
});

it.each([
  [{ ports: [1, 65_535] }],
  [{ wideBlocks: { ipv4: 1, ipv6: 1 } }],
  [{ wideBlocks: { ipv4: 32, ipv6: 128 } }],
])('accepts %j', (given) => {
  expect(settings.safeParse(given).success).toBe(true);
});
