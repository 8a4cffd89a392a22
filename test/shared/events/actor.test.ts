import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readActor } from '../../../shared/events/actor.ts';
import { Field } from '../../../shared/events/fields.ts';

const role = 'arn:aws:sts::111122223333:assumed-role';

it.each<{ who: string; identity: unknown; name: string }>([
  { who: 'the root user', identity: { type: 'Root', accountId: '111122223333' }, name: 'root' },
  { who: 'an IAM user', identity: { type: 'IAMUser', userName: 'ana' }, name: 'ana' },
  { who: 'a role session', identity: { type: 'AssumedRole', arn: `${role}/deploy/ci-7` }, name: 'ci-7' },
  {
    who: 'somebody signed in over SSO',
    identity: {
      type: 'AssumedRole',
      arn: `${role}/AWSReservedSSO_Developer_0123456789abcdef/ben@example.com`,
    },
    name: 'ben@example.com',
  },
  {
    who: 'a session with a source identity',
    identity: {
      type: 'AssumedRole',
      arn: `${role}/x/botocore-session-1`,
      sessionContext: { sourceIdentity: 'cleo' },
    },
    name: 'cleo',
  },
  {
    who: 'a role without a session name',
    identity: { type: 'AssumedRole', sessionContext: { sessionIssuer: { userName: 'deploy' } } },
    name: 'deploy',
  },
  {
    who: 'a federated user',
    identity: { type: 'FederatedUser', arn: 'arn:aws:sts::111122223333:federated-user/dan' },
    name: 'dan',
  },
  {
    who: 'a SAML user',
    identity: { type: 'SAMLUser', userName: 'eve', identityProvider: 'idp' },
    name: 'eve',
  },
  { who: 'a web identity', identity: { type: 'WebIdentityUser', userName: 'user.id' }, name: 'user.id' },
  {
    who: 'another account',
    identity: { type: 'AWSAccount', accountId: '012345678901' },
    name: 'account 012345678901',
  },
  {
    who: 'a service',
    identity: { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' },
    name: 'autoscaling.amazonaws.com',
  },
  {
    who: 'an Identity Center user',
    identity: { type: 'IdentityCenterUser', onBehalfOf: { userId: 'f47ac10b' } },
    name: 'f47ac10b',
  },
  { who: 'an unknown caller', identity: { type: 'Unknown' }, name: 'unknown' },
  { who: 'a type of the future', identity: { type: 'Robot', principalId: 'AIDA:r2' }, name: 'r2' },
  { who: 'nobody', identity: undefined, name: 'unknown' },
  { who: 'null', identity: null, name: 'unknown' },
  { who: 'a type called like a built-in', identity: { type: 'constructor' }, name: 'unknown' },
])('B5.1 $who is called $name', ({ identity, name }) => {
  expect(readActor(new Field({ userIdentity: identity }, 'detail')).name).toBe(name);
});

it('B3.31 a service in the place of an address is kept as it is written', () => {
  const detail = new Field({ sourceIPAddress: 'cloudformation.amazonaws.com' }, 'detail');
  expect(readActor(detail).sourceIp).toBe('cloudformation.amazonaws.com');
});

it('B2.23 tells on whose behalf a role acted', () => {
  const identity = { type: 'AssumedRole', arn: `${role}/Portal/session`, onBehalfOf: { userId: 'f47ac10b' } };

  expect(readActor(new Field({ userIdentity: identity }, 'detail')).onBehalfOf).toBe('f47ac10b');
  expect(readActor(new Field({ userIdentity: {} }, 'detail'))).not.toHaveProperty('onBehalfOf');
});

it('B6.22 no identity crashes, and a name stays short', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (identity) => {
      expect(readActor(new Field({ userIdentity: identity }, 'detail')).name.length).toBeLessThanOrEqual(256);
    }),
  );
});
