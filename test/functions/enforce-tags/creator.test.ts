import { describe, expect, it } from 'vitest';
import { creatorOf } from '../../../functions/enforce-tags/creator.ts';
import type { Actor } from '../../../shared/engine/signal.ts';
import { actor, session, set, user } from './builders.ts';

const creator = (given: object) => set({ tags: [{ key: 'Owner' }], creator: given }).creator;
const nameOf = (who: Actor, given: object = {}) => creatorOf(who, 'Owner', undefined, creator(given)).name;

it.each<{ what: string; who: Actor; name: string | undefined }>([
  { what: 'B2.21 an IAM user', who: user('ana'), name: 'ana' },
  { what: 'B2.22 a session with a name of its own', who: session('Developer', 'ana'), name: 'ana' },
  { what: 'B2.22 a session that boto3 named', who: session('deploy', 'botocore-session-17'), name: 'deploy' },
  { what: 'B2.22 a session of the Go SDK', who: session('deploy', 'aws-go-sdk-17'), name: 'deploy' },
  { what: 'B2.22 a session of the AWS CLI', who: session('deploy', 'AWSCLI-Session'), name: 'deploy' },
  { what: 'B2.22 a run of GitHub Actions', who: session('deploy', 'GitHubActions'), name: 'deploy' },
  { what: 'B2.22 a function', who: session('thumbnails', 'thumbnails'), name: 'thumbnails' },
  {
    what: 'B2.23 somebody who signed in by SSO',
    who: session('AWSReservedSSO_Developer_0123456789abcdef', 'ben@example.com'),
    name: 'ben@example.com',
  },
  {
    what: 'B2.27 a source identity',
    who: session('deploy', 'botocore-session-1', { name: 'carla' }),
    name: 'carla',
  },
  { what: 'B2.25 a service', who: actor({ type: 'AWSService', name: 'rds.amazonaws.com' }), name: undefined },
  {
    what: 'B2.25 a user for whom a service called',
    who: { ...user('ana'), invokedBy: 'autoscaling.amazonaws.com' },
    name: undefined,
  },
  { what: 'B2.26 the root user', who: actor({ type: 'Root', name: 'root' }), name: 'root' },
])('$what is written as $name', ({ who, name }) => {
  expect(nameOf(who)).toBe(name);
});

describe('B2.26 whoever cannot be named', () => {
  it.each([
    'FederatedUser',
    'SAMLUser',
    'WebIdentityUser',
    'AWSAccount',
    'IdentityCenterUser',
    'Unknown',
    '__proto__',
  ])('%s gets the fallback, or nothing', (type) => {
    const who = actor({ type, name: 'AROA123' });

    expect(nameOf(who)).toBeUndefined();
    expect(nameOf(who, { fallback: 'unknown' })).toBe('unknown');
    expect(nameOf(who, { names: { AROA123: 'partner' } })).toBe('partner');
  });

  it('B6.31 a user called like a built-in is just a user', () => {
    expect(nameOf(user('constructor'))).toBe('constructor');
    expect(nameOf(actor({ type: 'Unknown', name: 'toString' }))).toBeUndefined();
  });
});

it('B2.22 the table of names knows users, sessions and roles', () => {
  const names = { ana: 'platform', deploy: 'delivery', 'ben@example.com': 'ben' };

  expect(nameOf(user('ana'), { names })).toBe('platform');
  expect(nameOf(session('deploy', 'botocore-session-1'), { names })).toBe('delivery');
  expect(nameOf(session('Developer', 'ben@example.com'), { names })).toBe('ben');
});

it('B2.22 more sessions can be called automation', () => {
  expect(nameOf(session('deploy', 'jenkins-42'))).toBe('jenkins-42');
  expect(nameOf(session('deploy', 'jenkins-42'), { automation: ['jenkins-*'] })).toBe('deploy');
});

it('B2.23 an Identity Center user in the table wins over the session name', () => {
  const who = session('Portal', 'whatever', { onBehalfOf: 'f47ac10b' });

  expect(nameOf(who, { names: { f47ac10b: 'ben' } })).toBe('ben');
  expect(nameOf(who)).toBe('whatever');
});

it('B2.24 what a program on an instance makes belongs to its owner, one hop only', () => {
  const who = session('web', 'i-0a1b2c3d4e5f60718');
  const of = (tags: Record<string, string>) =>
    creatorOf(who, 'Owner', new Map(Object.entries(tags)), creator({})).name;

  expect(of({ Owner: 'ana' })).toBe('ana');
  expect(of({})).toBeUndefined();
  expect(nameOf(who)).toBeUndefined();
});

it('B2.28 a session name is brought into the characters of a tag', () => {
  expect(nameOf(session('Developer', 'ana<script>\u202e\n'))).toBe('ana_script__');
});

it('B2.29 a mail address can be stored as alias or hash', () => {
  const who = session('Developer', 'Ben@example.com');

  expect(nameOf(who, { mail: 'alias' })).toBe('Ben');
  expect(nameOf(who, { mail: 'hash' })).toMatch(/^[0-9a-f]{16}$/);
  expect(nameOf(who, { mail: 'hash' })).toBe(nameOf(session('x', 'ben@example.com'), { mail: 'hash' }));
  expect(nameOf(user('ana'), { mail: 'hash' })).toBe('ana');
});
