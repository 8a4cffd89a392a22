import { expect, it } from 'vitest';
import { failureFrom } from '../../../shared/aws/error-kinds.ts';
import { AwsFailure } from '../../../shared/aws/errors.ts';
import { collect, collectAtMost, type Page, pages } from '../../../shared/aws/pages.ts';
import { ahead } from '../../../shared/engine/parallel.ts';

type Step = Page<string> | string;

/** Answers in order; a text is an error code. Keeps the tokens that it was asked with. */
function listing(...steps: readonly Step[]) {
  const asked: (string | undefined)[] = [];
  const read = async (token: string | undefined): Promise<Page<string>> => {
    const step = steps[asked.length];
    asked.push(token);
    if (step === undefined) throw new Error('asked for a page too many');
    if (typeof step !== 'string') return step;
    throw failureFrom(Object.assign(new Error('x'), { name: step }), { action: 'List', home: true });
  };
  return { asked, read };
}

const page = (items: string, next?: string): Page<string> => ({ items: [...items], next });

it('reads page after page and hands the tokens on', async () => {
  const { asked, read } = listing(page('ab', 't1'), page('c', 't2'), page('d'));

  expect(await collect(pages(read))).toEqual(['a', 'b', 'c', 'd']);
  expect(asked).toEqual([undefined, 't1', 't2']);
});

it('B5.29 an empty page with a token goes on, an empty token ends', async () => {
  const { read } = listing(page('', 't1'), page('a', ''));

  expect(await collect(pages(read))).toEqual(['a']);
});

it.each([
  ['repeated token', [page('a', 't1'), page('b', 't1'), page('a', 't2'), page('b')]],
  ['InvalidNextToken', [page('a', 't1'), 'InvalidNextToken', page('a', 't2'), page('b')]],
  ['PaginationTokenExpired', [page('a', 't1'), 'PaginationTokenExpired', page('a', 't2'), page('b')]],
  [
    'PaginationTokenExpiredException',
    [page('a', 't1'), 'PaginationTokenExpiredException', page('a', 't2'), page('b')],
  ],
] satisfies [string, Step[]][])('B5.29 %s restarts the listing once', async (_, steps) => {
  const { asked, read } = listing(...steps);

  expect(new Set(await collect(pages(read)))).toEqual(new Set(['a', 'b']));
  expect(asked).toEqual([undefined, 't1', undefined, 't2']);
});

it.each([
  ['RepeatedToken', [page('a', 't'), page('a', 't'), page('a', 't'), page('a', 't')]],
  ['InvalidNextToken', [page('a', 't'), 'InvalidNextToken', page('a', 't'), 'InvalidNextToken']],
] satisfies [string, Step[]][])('B5.29 after one restart %s is an error', async (code, steps) => {
  await expect(collect(pages(listing(...steps).read))).rejects.toMatchObject({ code });
});

it('does not restart for a wrong first request or for any other error', async () => {
  const first = listing('InvalidNextToken');
  const denied = listing(page('a', 't'), 'AccessDenied');

  await expect(collect(pages(first.read))).rejects.toBeInstanceOf(AwsFailure);
  await expect(collect(pages(denied.read))).rejects.toMatchObject({ kind: 'denied' });
  expect(denied.asked).toHaveLength(2);
});

it('asks for nothing more once the consumer stops', async () => {
  const { asked, read } = listing(page('a', 't1'), page('b', 't2'));

  for await (const items of pages(read)) if (items.includes('a')) break;

  expect(asked).toEqual([undefined]);
});

it('is one page ahead of its consumer, and no further', async () => {
  const { asked, read } = listing(page('a', 't1'), page('b', 't2'), page('c', 't3'), page('d'));
  const consumed: string[] = [];

  for await (const items of ahead(pages(read))) {
    await new Promise(setImmediate);
    consumed.push(...items);
    expect(asked).toHaveLength(Math.min(consumed.length + 1, 4));
  }
  expect(consumed).toEqual(['a', 'b', 'c', 'd']);
});

it('tells the failure of a page that was asked for ahead when its turn comes', async () => {
  const listed = ahead(pages(listing(page('a', 't'), 'AccessDenied').read));

  expect((await listed.next()).value).toEqual(['a']);
  await new Promise(setImmediate);
  await expect(listed.next()).rejects.toMatchObject({ code: 'AccessDenied' });
});

it('may be left early', async () => {
  const { asked, read } = listing(page('a', 't1'), page('b', 't2'), page('c'));

  for await (const items of ahead(pages(read))) {
    expect(items).toEqual(['a']);
    break;
  }
  expect(asked).toEqual([undefined, 't1']);
});

it.each([
  { most: 3, says: ['a', 'b', 'c'] },
  { most: 2, says: 'there are more than 2' },
])('of three items at most $most are read', async ({ most, says }) => {
  const { asked, read } = listing(page('a', 't1'), page('b', 't2'), page('c'));
  const answer = await collectAtMost(pages(read), most).catch((error: Error) => error.message);
  expect(answer).toEqual(says);
  expect(asked).toHaveLength(3);
});
