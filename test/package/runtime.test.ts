import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { type Packaged, packaged } from './packaged.ts';

let made: Packaged;
beforeAll(async () => {
  made = await packaged();
}, 60_000);

it('B5.41 every function runs on a Node that the SDK supports beyond January 2027', () => {
  const functions = Object.values(made.template.Resources).filter(
    ({ Type }) => Type === 'AWS::Lambda::Function',
  );
  const runtimes = functions.map(({ Properties }) => Properties?.Runtime);
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };

  expect(runtimes.length).toBeGreaterThan(0);
  for (const runtime of runtimes) {
    expect(Number(/^nodejs(\d+)\.x$/.exec(String(runtime))?.[1])).toBeGreaterThanOrEqual(22);
  }
  expect(Number(/^>=(\d+)/.exec(engines.node)?.[1])).toBeGreaterThanOrEqual(22);
});

it('B5.41 a bundle carries the clients that its function uses, and no other', () => {
  const clients = new Map(
    made.bundles.map(({ policy, metafile }) => [
      policy,
      [
        ...new Set(
          Object.keys(metafile.inputs).flatMap(
            (file) => /@aws-sdk\/client-([a-z0-9-]+)\//.exec(file)?.[1] ?? [],
          ),
        ),
      ].sort(),
    ]),
  );

  expect(clients.get('revoke-open-ssh')).toEqual([
    'cloudtrail',
    'dynamodb',
    'ec2',
    'sns',
    'sqs',
    'ssm',
    'sts',
  ]);
});
