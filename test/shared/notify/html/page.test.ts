import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result, RunReport } from '../../../../shared/engine/outcome.ts';
import { consoleLink } from '../../../../shared/notify/html/console-link.ts';
import { html } from '../../../../shared/notify/html/html.ts';
import { reportPage } from '../../../../shared/notify/html/page.ts';
import { home, sweep } from '../../../support/lamps.ts';

const about = { account: '111122223333', as: 'arn:aws:iam::111122223333:user/ana', ownerTag: 'Owner' };
const noon = new Date('2026-11-20T12:00:00Z');

function result(change: { id?: string; name?: string; owner?: string; reason?: string } = {}): Result {
  const { id = 'sg-0a1b2c3d4e5f60718', name, owner, reason = 'SSH is open to the world.' } = change;
  const tags = new Map(owner === undefined ? [] : [['Owner', owner]]);
  return {
    ...home,
    resource: { type: 'AWS::EC2::SecurityGroup', id, arn: `arn:aws:ec2:::${id}`, name, tags },
    verdict: {
      verdict: 'violation',
      reasonCode: 'ssh-open-to-world',
      reason,
      evidence: [],
      severity: 'high',
      advice: ['Use Session Manager.'],
      monthlySaving: 12.5,
      remedy: {
        action: 'close',
        summary: 'Close it',
        fingerprint: 'f',
        before: {},
        undo: 'Open it again.',
        parameters: {},
      },
    },
    outcome: { outcome: 'done', code: 'done', reason: 'Closed.', journalId: 'entry-1' },
    notes: [],
  };
}

function report(results: readonly Result[], change: Partial<RunReport> = {}): RunReport {
  const violations = results.length;
  return {
    run: 'run-1',
    policy: 'revoke-open-ssh',
    title: 'SSH is not open to the world',
    mode: 'enforce',
    signal: sweep,
    startedAt: noon,
    finishedAt: noon,
    places: [{ ...home, state: 'scanned', reason: undefined, scanned: 9, compliant: 9 - violations }],
    results,
    omitted: 0,
    missing: [],
    counts: {
      ...{ scanned: 9, compliant: 9 - violations, violations, exempt: 0, unknown: 0 },
      ...{ done: violations, skipped: 0, failed: 0, queued: 0 },
    },
    state: 'complete',
    pages: [],
    warnings: [],
    ...change,
  };
}

/** The page without what stands in text: its tags alone, attributes and all. */
const tagsOf = (page: string) => page.replace(/<style>[\s\S]*?<\/style>/, '').match(/<[a-z/!][^>]*>/gi) ?? [];

it('shows what was found, why, what became of it, and the command that takes it back', () => {
  const page = reportPage([report([result({ name: 'web', owner: 'ana' })])], about);

  for (const text of [
    'SSH is open to the world.',
    'web',
    'Closed.',
    'npx reeve undo entry-1',
    'ana',
    '$12.50',
  ]) {
    expect(page).toContain(text);
  }
  expect(page.match(/<svg /g)).toHaveLength(4);
});

it('B6.23 a hostile name is text wherever it stands, in elements and in attributes', () => {
  const evil = `"><img src=x onerror=alert(1)> '</svg><script>alert(2)</script>`;
  const hostile = {
    ...result({ id: evil, name: evil, owner: evil, reason: evil }),
    notes: [evil],
    region: evil,
  };
  const page = reportPage(
    [report([hostile], { title: evil, policy: evil, run: evil, pages: [evil], warnings: [evil] })],
    { account: evil, as: evil, ownerTag: evil },
  );

  expect(
    tagsOf(page).filter((tag) => /<(img|script)|\son\w+=|javascript:/i.test(tag.replace(/"[^"]*"/g, '""'))),
  ).toEqual([]);
  expect(page).not.toMatch(/<script|<img/i);
  expect(page).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;');
});

it('B6.23 no text at all breaks out of where it is filled in', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...`<>"'&;a=/ \u0000\u2028\ud800😀\`$`) }), (text) => {
      const { text: made } = html`<p title="${text}">${text}</p>`;
      expect(made).toMatch(/^<p title="[^"<>']*">[^"<>']*<\/p>$/);
    }),
    { seed: 20_261_121 },
  );
});

it('B6.23 a policy of the page allows its own style sheet and nothing else', () => {
  const page = reportPage([report([result()])], about);
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');

  expect(page).toContain(
    `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
  );
  expect(tagsOf(page).filter((tag) => /\s(style|src|on\w+)=/.test(tag))).toEqual([]);
});

it('B6.34 secrets stay out of the page', () => {
  const page = reportPage([report([result({ reason: 'It holds AKIAABCDEFGHIJKLMNOP.' })])], about);

  expect(page).not.toContain('AKIAABCD');
  expect(page).toContain('[key …MNOP]');
});

it('B6.33 lists a thousand and says how many more there are', () => {
  const many = Array.from({ length: 1_003 }, () => result());

  expect(reportPage([report(many, { omitted: 7 })], about)).toContain('And 10 more');
});

describe('links', () => {
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };

  it.each([
    ['AWS::EC2::Instance', 'i-0a1b2c3d4e5f60718', /#InstanceDetails:instanceId=i-0a1b2c3d4e5f60718$/],
    ['AWS::EC2::SecurityGroup', 'sg-0a1b2c3d', /#SecurityGroup:groupId=sg-0a1b2c3d$/],
    ['AWS::S3::Bucket', 'old.logs', /\/s3\/buckets\/old\.logs\?region=eu-west-1$/],
  ])('B6.23 %s %s leads to the console', (type, id, path) => {
    const link = consoleLink(type, id, place);

    expect(link).toMatch(/^https:\/\/eu-west-1\.console\.aws\.amazon\.com\//);
    expect(link).toMatch(path);
  });

  it.each([
    ['AWS::EC2::Instance', 'i-0a1b2c3d4e5f60718"onclick=', place],
    ['AWS::EC2::Instance', 'javascript:alert(1)', place],
    ['AWS::S3::Bucket', 'Bad_Name', place],
    ['AWS::S3::Bucket', 'logs', { ...place, region: 'evil.example/' }],
    ['AWS::S3::Bucket', 'logs', { ...place, partition: 'aws-iso' }],
    ['toString', 'logs', place],
    ['AWS::SQS::Queue', 'arn:aws:sqs:eu-west-1:111122223333:q', place],
  ])('B6.23 %s %s has no link', (type, id, where) => {
    expect(consoleLink(type, id, where)).toBeUndefined();
  });

  it.each([
    ['aws-cn', 'cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
    ['aws-us-gov', 'us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
  ])('B5.32 %s has a console of its own', (partition, region, start) => {
    expect(consoleLink('AWS::S3::Bucket', 'logs', { ...place, partition, region })).toContain(start);
  });
});
