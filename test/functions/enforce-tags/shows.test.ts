import { expect, it } from 'vitest';
import { shows } from '../../../functions/enforce-tags/shows.ts';
import { tagged } from './builders.ts';

const change = {
  action: 'tag-resource',
  before: {
    tags: [
      { Key: 'Env', Value: 'Dev' },
      { Key: 'Owner', Value: null },
      { Key: 'old', Value: '1' },
    ],
  },
  parameters: { set: { Env: 'dev', Owner: 'ana' }, remove: ['old'] },
};

it.each([
  { when: 'as it wanted them', tags: { Env: 'dev', Owner: 'ana' }, shown: 'done' },
  { when: 'as they were', tags: { Env: 'Dev', old: '1' }, shown: 'not-done' },
  {
    when: 'with one of them still as it was',
    tags: { Env: 'dev', Owner: 'ana', old: '1' },
    shown: 'neither',
  },
  { when: 'with the value of somebody else', tags: { Env: 'dev', Owner: 'carol' }, shown: 'neither' },
  { when: 'with further ones', tags: { Env: 'dev', Owner: 'ana', Name: 'web' }, shown: 'done' },
])('B5.17 what a tagging whose end is unknown shows, with the tags $when: $shown', ({ tags, shown }) => {
  expect(shows(tagged(tags), change)).toBe(shown);
});

it('B5.17 that a machine was stopped as well, its tags do not tell', () => {
  const stop = { ...change, action: 'stop-instance' };
  expect(shows(tagged({ Env: 'dev', Owner: 'ana' }), stop)).toBe('neither');
});
