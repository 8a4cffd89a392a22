import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROTECTED_NAMES } from '../../../functions/delete-stale-buckets/names.ts';
import { PROTECTING_PARTS } from '../../../functions/delete-stale-buckets/protections.ts';
import { PARTS } from '../../../shared/aws/s3/configuration.ts';
import { type Case, fate, marked, verdictOn } from './builders.ts';

const policy = (...statements: readonly object[]) => ({
  policy: { Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }) },
});
const allow = (Principal: unknown) => ({ Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: '*' });
const deny = (rest: object) => ({ Effect: 'Deny', Principal: '*', Resource: '*', ...rest });
const OWNER = { ID: 'me' };
const grant = (Grantee: Readonly<Record<string, string>>) => ({
  acl: { Owner: OWNER, Grants: [{ Grantee, Permission: 'READ' }] },
});

describe('what protects a bucket, before anything is deleted', () => {
  it.each<{ when: string; given: Case; code: string; says: RegExp }>([
    {
      when: 'B4.11 Object Lock',
      given: { set: { objectLock: { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } } } },
      code: 'object-lock',
      says: /Object Lock is on/,
    },
    {
      when: 'B4.13 MFA Delete',
      given: { set: { versioning: { Status: 'Enabled', MFADelete: 'Enabled' } } },
      code: 'mfa-delete',
      says: /MFA Delete/,
    },
    {
      when: 'B4.14 a Deny of DeleteBucket',
      given: { set: policy(deny({ Sid: 'eb', Action: 's3:DeleteBucket' })) },
      code: 'policy-denies-delete',
      says: /denies deleting \(eb\)/,
    },
    {
      when: 'B4.14 B4.15 a Deny of s3:Delete*',
      given: { set: policy(deny({ Action: ['s3:delete*'] })) },
      code: 'policy-denies-delete',
      says: /statement 1/,
    },
    {
      when: 'B4.14 a Deny of everything but reading',
      given: { set: policy(deny({ NotAction: 's3:Get*' })) },
      code: 'policy-denies-delete',
      says: /denies/,
    },
    {
      when: 'B4.14 a Deny for others under a condition',
      given: {
        set: policy(deny({ Action: '*', Condition: { StringNotEquals: { 'aws:PrincipalTag/a': 'b' } } })),
      },
      code: 'policy-denies-delete',
      says: /denies/,
    },
    {
      when: 'B4.17 a replication source',
      given: { set: { replication: { Role: 'r' } } },
      code: 'replication-source',
      says: /replicated to another/,
    },
    {
      when: 'B4.17 a replication destination',
      given: { references: { uses: ['the bucket a is replicated to it'] } },
      code: 'in-use-by',
      says: /bucket a is replicated/,
    },
    {
      when: 'B4.18 a trail',
      given: { references: { uses: ['the trail audit writes to it'] } },
      code: 'in-use-by',
      says: /trail audit/,
    },
    {
      when: 'B4.18 a load balancer by its policy',
      given: { set: policy(allow({ Service: 'logdelivery.elasticloadbalancing.amazonaws.com' })) },
      code: 'service-uses',
      says: /elasticloadbalancing/,
    },
    {
      when: 'B4.18 logs of services',
      given: { contents: { serviceLogs: true } },
      code: 'service-logs',
      says: /AWSLogs/,
    },
    {
      when: 'B4.19 a website',
      given: { set: { website: { IndexDocument: {} } } },
      code: 'website',
      says: /website/,
    },
    {
      when: 'B4.20 notifications',
      given: { set: { notification: { TopicConfigurations: [] } } },
      code: 'notification',
      says: /every deletion would fire/,
    },
    {
      when: 'B4.48 copies of an archive',
      given: { contents: { archives: true } },
      code: 'archive',
      says: /manifest or copies of an archive/,
    },
    {
      when: 'B4.22 Terraform state',
      given: { contents: { stateFiles: true } },
      code: 'state-file',
      says: /tfstate/,
    },
    {
      when: 'B4.23 a policy for everybody',
      given: { set: policy(allow('*')) },
      code: 'granted-to-others',
      says: /lets \* in/,
    },
    {
      when: 'B4.23 a policy for another account',
      given: { set: policy(allow({ AWS: ['arn:aws:iam::999988887777:root'] })) },
      code: 'granted-to-others',
      says: /999988887777/,
    },
    {
      when: 'B4.23 a policy for all but some',
      given: { set: policy({ Effect: 'Allow', NotPrincipal: { AWS: 'x' }, Action: '*' }) },
      code: 'granted-to-others',
      says: /\*/,
    },
    {
      when: 'B4.23 an ACL for everybody',
      given: { set: grant({ URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }) },
      code: 'granted-to-others',
      says: /AllUsers/,
    },
    {
      when: 'B4.23 an ACL for another account',
      given: { set: grant({ ID: 'you' }) },
      code: 'granted-to-others',
      says: /you/,
    },
    {
      when: 'B4.45 an access point',
      given: { references: { uses: ['the access point data leads to it'] } },
      code: 'in-use-by',
      says: /access point/,
    },
    {
      when: 'a policy that cannot be understood',
      given: { set: { policy: { Policy: '{' } } },
      code: 'policy-unclear',
      says: /understood/,
    },
    {
      when: 'a policy with an effect that is neither',
      given: { set: policy({ Effect: 'Maybe' }) },
      code: 'policy-unclear',
      says: /understood/,
    },
  ])('$when', ({ given, code, says }) => {
    expect(verdictOn(given)).toMatchObject({
      verdict: 'exempt',
      reasonCode: code,
      reason: expect.stringMatching(says),
    });
    expect(fate({ ...given, bucket: { tag: marked(20, given) } })).toBe('unmark');
  });

  it.each<{ when: string; given: Case }>([
    {
      when: 'B4.14 a Deny without TLS is no protection',
      given: {
        set: policy(deny({ Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })),
      },
    },
    { when: 'B4.14 a Deny of reading is none', given: { set: policy(deny({ Action: 's3:GetObject' })) } },
    {
      when: 'B4.16 requester pays: the owner may list and delete',
      given: { set: { requestPayment: { Payer: 'Requester' } } },
    },
    {
      when: 'B4.20 notifications that may fire',
      given: { set: { notification: { TopicConfigurations: [] } }, settings: { notifications: 'allow' } },
    },
    {
      when: 'B4.23 grants to the own account',
      given: { set: { ...policy(allow({ AWS: 'arn:aws:iam::111122223333:role/app' })), ...grant(OWNER) } },
    },
    { when: 'B4.8 versioning alone', given: { set: { versioning: { Status: 'Suspended' } } } },
  ])('$when', ({ given }) => {
    expect(fate(given)).toBe('mark');
  });

  it('B4.14 a Deny that asks for plain text denies everybody else', () => {
    const set = policy(deny({ Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } }));
    expect(fate({ set })).toBe('exempt: policy-denies-delete');
  });
});

describe('names and tags settle a bucket before anything is read', () => {
  it.each(PROTECTED_NAMES.map((glob) => [glob, glob.replaceAll('*', 'x')]))('B4.22 %s', (_glob, id) => {
    expect(fate({ bucket: { id } })).toBe('compliant: protected-name');
    expect(fate({ bucket: { id }, settings: { unprotectNames: [_glob] } })).toBe('mark');
  });

  it.each<{ id: string; settings?: object; fate: string }>([
    { id: 'Prod-Backup', fate: 'compliant: protected-name' },
    { id: 'Terraform-State', fate: 'compliant: protected-name' },
    { id: 'Forgotten', settings: { protectNames: ['forg*'] }, fate: 'compliant: protected-name' },
    { id: 'forgotten', settings: { protectNames: ['Forg*'] }, fate: 'compliant: protected-name' },
    { id: 'Prod-Backup', settings: { unprotectNames: ['prod-backup'] }, fate: 'compliant: protected-name' },
    { id: 'Prod-Backup', settings: { unprotectNames: ['Prod-Backup'] }, fate: 'mark' },
  ])(
    'B4.22 an old name in capitals: $id with $settings is $fate',
    ({ id, settings = {}, fate: expected }) => {
      expect(fate({ bucket: { id }, settings })).toBe(expected);
    },
  );

  it.each<{ when: string; given: Case; fate: string }>([
    {
      when: 'B4.21 a stack',
      given: { bucket: { tag: { 'aws:cloudformation:stack-id': 'arn' } } },
      fate: 'compliant: stack',
    },
    {
      when: 'B4.21 another service',
      given: { bucket: { tag: { 'aws:servicecatalog:x': '1' } } },
      fate: 'compliant: aws-managed',
    },
    {
      when: 'a listed name',
      given: { settings: { protectNames: ['forg*'] } },
      fate: 'compliant: protected-name',
    },
    {
      when: 'a listed name wins over one let go',
      given: { settings: { protectNames: ['forg*'], unprotectNames: ['forgotten'] } },
      fate: 'compliant: protected-name',
    },
    {
      when: 'B4.46 a tombstone',
      given: { bucket: { tag: { 'reeve:tombstone': 'x' } } },
      fate: 'compliant: tombstone',
    },
    {
      when: 'unreadable tags',
      given: { bucket: { tagsUnread: 'AccessDenied' } },
      fate: 'unknown: tags-unreadable',
    },
    {
      when: 'tags that look like none',
      given: { bucket: { tag: { ['__proto__']: 'a', toString: 'b' } } },
      fate: 'mark',
    },
  ])('$when: $fate', ({ given, fate: expected }) => {
    expect(fate(given)).toBe(expected);
  });

  it('B4.21 says what to do instead', () => {
    const tag = { 'aws:cloudformation:stack-name': 'shop' };
    expect(verdictOn({ bucket: { tag } }).reason).toContain('stack shop: delete the stack instead');
  });
});

describe('what cannot be read protects', () => {
  it.each(PROTECTING_PARTS.filter((part) => part !== 'lifecycle'))('B4.18 %s', (part) => {
    expect(fate({ unreadable: [part] })).toBe(`unknown: ${part}-unreadable`);
    expect(fate({ unreadable: [part], bucket: { tag: marked(20) } })).toBe(`unknown: ${part}-unreadable`);
  });

  it('B4.18 a reference that could not be looked up', () => {
    expect(fate({ references: { unread: ['CloudFront: AccessDenied'] } })).toBe(
      'unknown: references-unreadable',
    );
  });

  it('B4.18 no action ever with an unreadable protection, whatever else is known (property)', () => {
    const part = fc.constantFrom(...PROTECTING_PARTS.filter((name) => name !== 'lifecycle'));
    const harmless = fc.subarray(PARTS.filter((name) => !PROTECTING_PARTS.includes(name)));
    fc.assert(
      fc.property(
        fc.uniqueArray(part, { minLength: 1 }),
        harmless,
        fc.boolean(),
        fc.integer({ min: 0, max: 400 }),
        fc.boolean(),
        (unreadable, more, isMarked, ago, complete) => {
          const tag = isMarked ? marked(ago) : {};
          const verdict = verdictOn({
            unreadable: [...unreadable, ...more],
            bucket: { tag },
            contents: { complete },
          });
          return verdict.verdict !== 'violation' || verdict.remedy?.action === 'unmark';
        },
      ),
    );
  });
});
