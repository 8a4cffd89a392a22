import { describe, expect, it } from 'vitest';
import { notYetVisible, unseen } from '../../../functions/revoke-open-ssh/awaited.ts';
import type { Missing } from '../../../shared/engine/policy.ts';
import type { Signal } from '../../../shared/engine/signal.ts';
import { group, rule, set } from './builders.ts';

const AT = new Date('2026-11-20T12:00:00Z');

function signal(added: readonly string[] | undefined, extra: Partial<Signal> = {}): Signal {
  const hint = added === undefined ? {} : { hint: { added: added.map((text) => rule(text)) } };
  return {
    partition: 'aws',
    account: '111122223333',
    region: 'eu-west-1',
    id: 'event-1',
    scope: { kind: 'resources', resources: [{ type: 'AWS::EC2::SecurityGroup', id: 'sg-1', ...hint }] },
    cause: { kind: 'api-call', name: 'AuthorizeSecurityGroupIngress' },
    actor: undefined,
    time: AT,
    delivery: 'live',
    ...extra,
  };
}

function awaited(given: Signal, rules: readonly string[] = [], now = AT): readonly Missing[] {
  return notYetVisible(given, [group(rules)], set(), now);
}

const OPEN = ['sgr-a=tcp 22 0.0.0.0/0'];

describe('B3.37 what is waited for', () => {
  it.each([
    ['an open rule that the group does not show', signal(OPEN), [], 1],
    ['nothing when the group shows its id', signal(OPEN), OPEN, 0],
    ['nothing when the group shows the same rule without the id', signal(OPEN), ['tcp 22 0.0.0.0/0'], 0],
    ['an open rule beside another one', signal(OPEN), ['tcp 22 ::/0'], 1],
    ['nothing for an office range', signal(['tcp 22 9.9.9.9/32']), [], 0],
    ['nothing without rules in the record', signal(undefined), [], 0],
    ['nothing in a late event', signal(OPEN, { delivery: 'late' }), [], 0],
    ['nothing in a replayed event', signal(OPEN, { delivery: 'replayed' }), [], 0],
    ['nothing in a sweep', signal(OPEN, { scope: { kind: 'sweep' } }), [], 0],
  ])('%s', (_case, given, rules, count) => {
    expect(awaited(given, rules)).toHaveLength(count);
  });

  it('B3.32 nothing when the event names the group and the group shows the rule', () => {
    const hint = { added: OPEN.map((text) => rule(text)) };
    const named = { type: 'AWS::EC2::SecurityGroup', id: 'web', hint };
    const given = signal(OPEN, { scope: { kind: 'resources', resources: [named] } });

    expect(notYetVisible(given, [{ ...group(OPEN), name: 'web' }], set(), AT)).toEqual([]);
  });

  it('B3.34 nothing once the event is older than reads may lag: then the rule has been revoked', () => {
    const later = (ms: number) => new Date(AT.getTime() + ms);

    expect(awaited(signal(OPEN), [], later(300_000))).toHaveLength(1);
    expect(awaited(signal(OPEN), [], later(300_001))).toHaveLength(0);
  });

  it('says so, and survives a second look at the same reference', () => {
    const [first] = awaited(signal(OPEN));
    if (first === undefined) throw new Error('nothing awaited');
    const again = awaited({ ...signal(OPEN), scope: { kind: 'resources', resources: [first.ref] } });

    expect(first).toMatchObject({
      why: 'not-visible',
      reason: expect.stringMatching(/sg-1 cannot be read yet/),
    });
    expect(again).toHaveLength(1);
    const seen = awaited({ ...signal(OPEN), scope: { kind: 'resources', resources: [first.ref] } }, OPEN);
    expect(seen).toEqual([]);
  });

  it('B3.6 a record that says something else than rules is no hint', () => {
    const resources = [null, 'x', {}, { added: 'x' }].map((hint) => ({ type: 'x', id: 'sg-1', hint }));

    expect(awaited(signal(undefined, { scope: { kind: 'resources', resources } }))).toEqual([]);
  });
});

describe('B3.37 the last resort', () => {
  const resort = (added: readonly string[], read = [group([])]) => {
    const [missing] = notYetVisible(signal(added), read, set(), AT);
    return missing === undefined ? undefined : unseen(missing, set());
  };

  it('closes by the ids of the record, and nothing else of the group', () => {
    const found = resort(OPEN, [group(['tcp 22 ::/0'])]);

    expect(found?.resource.rules).toHaveLength(1);
    expect(found?.verdict).toMatchObject({ remedy: { parameters: { groupId: 'sg-1', ruleIds: ['sgr-a'] } } });
  });

  it('does nothing about a group that could not be read', () => {
    expect(resort(OPEN, [])).toBeUndefined();
  });

  it('does nothing about a wider rule, of which too little is known', () => {
    expect(resort(['tcp 0-65535 0.0.0.0/0'])).toBeUndefined();
  });

  it('does nothing by a record without ids', () => {
    const added = [rule('tcp 22 0.0.0.0/0', { id: undefined })];
    const resources = [{ type: 'AWS::EC2::SecurityGroup', id: 'sg-1', hint: { added } }];
    const given = signal(undefined, { scope: { kind: 'resources', resources } });
    const [missing] = notYetVisible(given, [group([])], set(), AT);

    expect(missing === undefined ? 'nothing awaited' : unseen(missing, set())).toBeUndefined();
  });

  it('does nothing about what is missing for another reason', () => {
    const ref = { type: 'AWS::EC2::SecurityGroup', id: 'sg-1', hint: { added: [rule('tcp 22 ::/0')] } };

    expect(unseen({ ref, why: 'not-visible', reason: '' }, set())).toBeUndefined();
  });
});
