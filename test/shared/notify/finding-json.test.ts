import { expect, it } from 'vitest';
import { findingJson } from '../../../shared/notify/finding-json.ts';
import { home } from '../../support/lamps.ts';

const resource = { type: 'Test::Lamp', id: 'hall', arn: 'arn:hall', name: undefined };

it('a finding without remedy or outcome holds null for both, every key is there', () => {
  const verdict = {
    verdict: 'unknown',
    reasonCode: 'flicker',
    reason: 'It flickers.',
    evidence: [],
  } as const;
  expect(findingJson('lights-out', { ...home, resource, verdict })).toEqual({
    policy: 'lights-out',
    account: '111122223333',
    region: 'eu-west-1',
    resource: 'hall',
    resourceType: 'Test::Lamp',
    resourceName: null,
    arn: 'arn:hall',
    verdict: 'unknown',
    severity: null,
    reasonCode: 'flicker',
    reason: 'It flickers.',
    evidence: [],
    remedy: null,
    monthlySaving: null,
    outcome: null,
    notes: [],
  });
});

it('B6.34 secrets are hidden in depth, numbers and lists stay', () => {
  const evidence = [
    { rules: [{ description: 'by AKIAIOSFODNN7EXAMPLE', port: 22 }], open: true, note: null },
  ];
  const verdict = { verdict: 'unknown', reasonCode: 'x', reason: 'password=hunter2', evidence } as const;
  const finding = findingJson('p', { ...home, resource, verdict, notes: ['key ASIAIOSFODNN7EXAMPLE'] });
  expect(finding).toMatchObject({
    reason: 'password=[hidden]',
    evidence: [{ rules: [{ description: 'by [key …MPLE]', port: 22 }], open: true, note: null }],
    notes: ['key [key …MPLE]'],
  });
});

it('B6.34 the id and the ARN are no secrets: they come out exact, wherever they stand', () => {
  const id = 'Abcdefghij0123456789Abcdefghij0123456789';
  const bucket = { type: 'Test::Lamp', id, arn: `arn:aws:test:::${id}`, name: id };
  const evidence = [{ lamp: id, description: 'Zbcdefghij0123456789Abcdefghij0123456789' }];
  const reason = `${id} is lit, password=hunter2.`;
  const verdict = { verdict: 'unknown', reasonCode: 'x', reason, evidence } as const;

  expect(findingJson('p', { ...home, resource: bucket, verdict })).toMatchObject({
    resource: id,
    resourceName: id,
    arn: `arn:aws:test:::${id}`,
    reason: `${id} is lit, password=[hidden]`,
    evidence: [{ lamp: id, description: '[hidden]' }],
  });
});

it('B6.34 an id that is part of a secret’s usual look keeps no secret from being hidden', () => {
  const verdict = { verdict: 'unknown', reasonCode: 'x', reason: 'password=hunter2', evidence: [] } as const;
  const found = { ...home, resource: { ...resource, id: 'password' }, verdict };

  expect(findingJson('p', found).reason).toBe('password=[hidden]');
});
