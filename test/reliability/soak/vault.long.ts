import { expect, it } from 'vitest';
import type { Sabotage } from '../stage/functions.ts';
import { liveBusily, lookFor } from './busy.ts';

/** Long enough for a bucket to be marked, to wait and to be deleted; little happens meanwhile. */
const days = { hours: 50, deeds: 1, archives: true };

const setting = (own: object): Sabotage => ({
  settings: ({ settings, ...rest }) => ({ ...rest, settings: { ...Object(settings), ...own } }),
});

it.each<{ defect: string; sabotage: Sabotage; found: RegExp }>([
  {
    defect: 'archives nothing',
    sabotage: setting({ archiveBucket: undefined }),
    found: /^wrong DeleteObjects .*the archive is not whole: there is no manifest/m,
  },
  {
    defect: 'archives where nobody looks',
    sabotage: setting({ archivePrefix: 'elsewhere/' }),
    found: /^wrong CopyObject .*nothing that any policy does/m,
  },
])('B4.48 an account in which Reeve $defect does not pass', async ({ sabotage, found }) => {
  expect(await lookFor(found, days, sabotage)).toMatch(found);
});

it('B4.48 an account whose buckets are archived before they are deleted passes', async () => {
  expect(await liveBusily(2, days)).toBe('');
});
