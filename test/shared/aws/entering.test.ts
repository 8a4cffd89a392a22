import { expect, it } from 'vitest';
import { seedRole } from '../../../sandbox/services/iam/store.ts';
import { type EnteringOptions, entering } from '../../../shared/aws/entering.ts';
import { whoAmI } from '../../../shared/aws/identity.ts';
import { PlaceRefused } from '../../../shared/engine/ports.ts';
import type { Place } from '../../../shared/engine/signal.ts';
import { HOME, simulated } from './fixture.ts';

const MEMBER: Place = { ...HOME, account: '444455556666' };
const OTHER: Place = { ...HOME, account: '777788889999' };

/** Reeve at home as user reeve, and member accounts that lend it a role. */
function organisation(change: Partial<EnteringOptions> = {}) {
  const base = simulated();
  for (const { account } of [MEMBER, OTHER]) {
    base.world.addAccount({ id: account, regions: ['eu-west-1', 'us-east-1'] });
    const trust = {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:user/reeve' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': 'agreed' } },
      },
    };
    seedRole(base.world, account, { name: 'Reeve', trust, attached: ['AdministratorAccess'] });
  }
  const enter = entering({
    home: HOME,
    accounts: [MEMBER.account, OTHER.account],
    role: { roleName: 'Reeve', externalId: 'agreed' },
    connection: base.connection({ user: 'reeve' }),
    time: base.time,
    ...change,
  });
  const assumed = () => base.world.calls.filter(({ operation }) => operation === 'AssumeRole').length;
  return { ...base, enter, assumed };
}

it('uses its own credentials in its own account, in every region', async () => {
  const { enter, assumed } = organisation();

  const aws = await enter({ ...HOME, region: 'us-east-1' });

  expect(aws.place.region).toBe('us-east-1');
  expect((await whoAmI(await enter(HOME))).arn).toBe('arn:aws:iam::111122223333:user/reeve');
  expect(assumed()).toBe(0);
});

it('B5.34 B6.13 enters another account by its role and the external id, once for all regions', async () => {
  const { enter, assumed } = organisation();

  const aws = await enter(MEMBER);
  await enter({ ...MEMBER, region: 'us-east-1' });

  expect((await whoAmI(aws)).arn).toBe('arn:aws:sts::444455556666:assumed-role/Reeve/reeve');
  expect(assumed()).toBe(1);
});

it.each([
  ['an account that is not on the list', OTHER, 'not-allowed'],
  ['something that is no account id', { ...HOME, account: '4444:role/x' }, 'not-an-account'],
  ['an account id of eleven digits', { ...HOME, account: '44445555666' }, 'not-an-account'],
  ['another partition', { ...MEMBER, partition: 'aws-cn' }, 'other-partition'],
  ['something that is no region', { ...HOME, region: 'evil.example#' }, 'not-a-region'],
])('B5.34 B6.15 refuses %s before any call', async (_, place, code) => {
  const { enter, world } = organisation({ accounts: [MEMBER.account] });

  await expect(enter(place)).rejects.toMatchObject({ state: 'failed', code });
  await expect(enter(place)).rejects.toBeInstanceOf(PlaceRefused);
  expect(world.calls).toEqual([]);
});

it('refuses other accounts when the settings name no role', async () => {
  await expect(organisation({ role: undefined }).enter(MEMBER)).rejects.toMatchObject({ code: 'no-role' });
});

it('B6.13 is refused without the external id', async () => {
  const { enter } = organisation({ role: { roleName: 'Reeve' } });

  await expect(enter(MEMBER)).rejects.toMatchObject({ state: 'failed', code: 'assume-role-denied' });
});

it('B5.26 one account that refuses says nothing about the next', async () => {
  const { enter, world } = organisation();
  world.faults.add({
    operation: 'AssumeRole',
    kind: 'denied',
    when: (input) => JSON.stringify(input).includes(MEMBER.account),
  });

  await expect(enter(MEMBER)).rejects.toMatchObject({ state: 'failed', code: 'assume-role-denied' });
  expect((await enter(OTHER)).place).toEqual(OTHER);
});

it.each([
  ['AccessDenied', 'The account 444455556666 is suspended', 'skipped', 'account-closed'],
  ['RegionDisabledException', 'STS is not activated in this region', 'skipped', 'region-not-enabled'],
  ['PackedPolicyTooLargeException', 'too big', 'failed', 'assume-role-invalid'],
  [
    'AccessDenied',
    'denied with an explicit deny in a service control policy',
    'failed',
    'assume-role-denied-by-organisation',
  ],
])('B5.26 B5.27 B5.30 %s (%s) is %s: %s', async (code, message, state, refusal) => {
  const { enter, world } = organisation();
  world.faults.add({ operation: 'AssumeRole', kind: 'error', code, message, status: 400 });

  await expect(enter(MEMBER)).rejects.toMatchObject({ state, code: refusal });
});

it('B5.25 takes new role credentials five minutes before the old ones end, not earlier', async () => {
  const { enter, assumed, world } = organisation();
  await enter(MEMBER);

  await world.clock.advance(54 * 60_000);
  await enter(MEMBER);
  expect(assumed()).toBe(1);

  await world.clock.advance(60_000);
  await enter(MEMBER);
  expect(assumed()).toBe(2);
});
