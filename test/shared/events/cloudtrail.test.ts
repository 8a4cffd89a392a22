import { expect, it } from 'vitest';
import { change, lines, sample, signalOf } from './sample.ts';

const opened = sample('revoke-open-ssh.authorize-ingress');

it('B5.1 B3.25 a recorded call names resource, place, time, caller and correlation id', () => {
  expect(signalOf(opened)).toMatchObject({
    id: expect.stringMatching(/^0a1b2c3d-/),
    account: '111122223333',
    region: 'eu-west-1',
    time: new Date('2026-11-20T09:12:44Z'),
    cause: { kind: 'api-call', name: 'AuthorizeSecurityGroupIngress' },
    actor: { type: 'IAMUser', name: 'ana', sourceIp: '198.51.100.7', invokedBy: undefined },
    scope: {
      kind: 'resources',
      resources: [{ type: 'AWS::EC2::SecurityGroup', id: 'sg-0a1b2c3d4e5f60718' }],
    },
    delivery: 'live',
  });
});

it.each([null, undefined])('B5.1 B3.34 every field that may be %s is missed by nobody', (nothing) => {
  const bare = change(opened, {
    'detail.userIdentity': nothing,
    'detail.recipientAccountId': nothing,
    'detail.awsRegion': nothing,
    'detail.eventTime': nothing,
    'detail.eventID': nothing,
    'detail.eventSource': nothing,
    'detail.responseElements': nothing,
    'detail.sourceIPAddress': nothing,
  });

  expect(lines(bare)).toEqual([
    'live api-call AuthorizeSecurityGroupIngress by unknown in 111122223333 eu-west-1: AWS::EC2::SecurityGroup sg-0a1b2c3d4e5f60718',
  ]);
});

it.each<{ withheld: string; request: unknown }>([
  { withheld: 'null', request: null },
  { withheld: 'hidden', request: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
  { withheld: 'sensitive', request: '<sensitiveDataRemoved>' },
  {
    withheld: 'too large',
    request: { omitted: true, originalSize: 112_640, reason: 'requestParameters too large' },
  },
])('B5.39 B5.1 a request that is $withheld leads to a look at the whole place', ({ request }) => {
  expect(signalOf(change(opened, { 'detail.requestParameters': request })).scope).toEqual({ kind: 'sweep' });
});

it('B5.39 hidden single values are treated as absent', () => {
  const hidden = change(opened, {
    'detail.sourceIPAddress': '<sensitiveDataRemoved>',
    'detail.userIdentity.userName': 'HIDDEN_DUE_TO_SECURITY_REASONS',
    'detail.recipientAccountId': '<sensitiveDataRemoved>',
  });

  expect(signalOf(hidden)).toMatchObject({
    account: '111122223333',
    actor: { name: 'ana', sourceIp: undefined },
  });
  expect(() =>
    lines(change(opened, { 'detail.requestParameters.groupId': '<sensitiveDataRemoved>' })),
  ).toThrow('detail.requestParameters.groupId: expected a security group id');
});

it.each(['Client.UnauthorizedOperation', 'Client.DryRunOperation', 'Server.InternalError'])(
  'B3.33 a call that failed with %s changed nothing',
  (errorCode) => {
    expect(lines(change(opened, { 'detail.errorCode': errorCode }))).toEqual([
      `ignored: AuthorizeSecurityGroupIngress failed with ${errorCode}: nothing changed`,
    ]);
  },
);

it('B3.33 a rule that was there already is still worth a look', () => {
  expect(signalOf(sample('revoke-open-ssh.authorize-ingress-duplicate-rule')).scope.kind).toBe('resources');
});

it('B3.25 the flat form of an authorize call, with an empty object for its permissions, names its group', () => {
  expect(lines(sample('revoke-open-ssh.authorize-ingress-flat'))).toEqual(lines(opened));
});

it('B3.26 the request of ModifySecurityGroupRules is wrapped and in Pascal case', () => {
  expect(signalOf(sample('revoke-open-ssh.modify-rules')).scope).toEqual({
    kind: 'resources',
    resources: [{ type: 'AWS::EC2::SecurityGroup', id: 'sg-0a1b2c3d4e5f60718' }],
  });
});

it('B3.34 a call that returned false is still checked by state', () => {
  const refused = change(opened, { 'detail.responseElements': { requestId: 'r', _return: false } });
  expect(signalOf(refused).scope.kind).toBe('resources');
});

it.each<{ minutes: number; delivery: string }>([
  { minutes: 60, delivery: 'live' },
  { minutes: 61, delivery: 'late' },
])('B3.36 an event that is $minutes minutes old is $delivery', ({ minutes, delivery }) => {
  const eventTime = new Date(Date.parse('2026-11-20T09:13:44Z') - minutes * 60_000).toISOString();
  expect(signalOf(change(opened, { 'detail.eventTime': eventTime })).delivery).toBe(delivery);
});

it('B3.36 a replay is said to be one, however old', () => {
  expect(signalOf(change(opened, { 'replay-name': 'week-47' })).delivery).toBe('replayed');
});

it('B5.34 B1.69 the account and region of the resource win over those of a forwarding bus', () => {
  const forwarded = change(opened, { account: '999988887777', region: 'us-east-1' });
  expect(signalOf(forwarded)).toMatchObject({ account: '111122223333', region: 'eu-west-1' });
});

it('B5.40 an account id keeps its leading zero and is never a number', () => {
  expect(signalOf(change(opened, { 'detail.recipientAccountId': '012345678901' })).account).toBe(
    '012345678901',
  );
  expect(() => lines(change(opened, { 'detail.recipientAccountId': 12_345_678_901 }))).toThrow(
    'detail.recipientAccountId: expected an account id of twelve digits, as text, got 12345678901',
  );
});

it('B5.12 B5.13 a call that the policy does not listen to is unhandled, also under the name of a built-in', () => {
  expect(lines(change(opened, { 'detail.eventName': 'DescribeInstances' }))[0]).toMatch(
    /^unhandled: DescribeInst/,
  );
  expect(lines(change(opened, { 'detail.eventName': 'toString' }))[0]).toMatch(/^unhandled: toString/);
  expect(lines(change(opened, { 'detail.eventName': '__proto__' }))[0]).toMatch(/^unhandled: __proto__/);
});

it('a call that names nothing of the policy is ignored', () => {
  const resized = change(sample('revoke-open-ssh.modify-instance-attribute'), {
    'detail.requestParameters.groupSet': undefined,
  });
  expect(lines(resized)).toEqual(['ignored: ModifyInstanceAttribute does not concern this policy']);
});
