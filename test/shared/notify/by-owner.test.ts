import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { byOwner } from '../../../shared/notify/by-owner.ts';
import { digest } from '../../../shared/notify/digest.ts';
import { House, sweep } from '../../support/lamps.ts';

async function reportOn(owners: readonly (string | undefined)[], extra = {}) {
  const house = new House();
  for (const [index, owner] of owners.entries()) {
    house.add(`lamp-${index}`, {
      tags: new Map(owner === undefined ? [] : [['Owner', owner]]),
      switch: false,
      ...extra,
    });
  }
  return house.run(sweep);
}

it('B5.38 each owner gets one message with his own findings, and one holds the rest', async () => {
  const parts = byOwner(await reportOn(['ana', undefined, 'bob', 'ana']), 'Owner');

  expect(
    parts.map(({ owner, report }) => [owner, report.results.map(({ resource }) => resource.id)]),
  ).toEqual([
    ['ana', ['lamp-0', 'lamp-3']],
    ['bob', ['lamp-2']],
    [undefined, ['lamp-1']],
  ]);
  expect(parts.map(({ report }) => report.counts.violations)).toEqual([2, 1, 1]);
});

it('without a tag to go by the run stays whole', async () => {
  const report = await reportOn(['ana', 'bob']);

  expect(byOwner(report, undefined)).toEqual([{ owner: undefined, report }]);
});

it('an owner is called about his own resources only', async () => {
  const parts = byOwner(await reportOn(['ana', 'bob', undefined], { severity: 'high' }), 'Owner');

  expect(parts.map(({ report }) => report.pages.length)).toEqual([1, 1, 1]);
  expect(parts[0]?.report.pages[0]).toMatch(/^lamp-0/);
});

it('when everything has an owner, nobody else gets a message', async () => {
  expect(byOwner(await reportOn(['ana', 'bob']), 'Owner').map(({ owner }) => owner)).toEqual(['ana', 'bob']);
});

it('no finding is lost or told twice, whoever owns what', async () => {
  const owner = fc.option(fc.constantFrom('ana', 'bob', ' ', '', '__proto__', 'constructor'), {
    nil: undefined,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(owner, { maxLength: 40 }), async (owners) => {
      const report = await reportOn(owners);
      const told = byOwner(report, 'Owner').flatMap(({ report: part }) => part.results);

      expect(told.map(({ resource }) => resource.id).sort()).toEqual(
        report.results.map(({ resource }) => resource.id).sort(),
      );
    }),
    { numRuns: 50 },
  );
});

it('beyond twenty owners the rest is told together', async () => {
  const parts = byOwner(await reportOn(Array.from({ length: 30 }, (_, index) => `owner-${index}`)), 'Owner');

  expect(parts).toHaveLength(21);
  expect(parts.at(-1)?.report.results).toHaveLength(10);
});

it('B6.7 whoever answers for an exemption is told of its end beside the owner', async () => {
  const house = new House();
  const exempt = { 'reeve:exempt': 'T-1 by cleo until 2026-11-22', Owner: 'ana' };
  house.add('ending', { tags: new Map(Object.entries(exempt)) });
  house.add('lasting', {
    tags: new Map([...Object.entries(exempt), ['reeve:exempt', 'T-1 by dan until 2026-12-31']]),
  });
  const rules = { tag: 'reeve:exempt', maxDays: 90, setBy: [], remindMs: 7 * 86_400_000 };
  const parts = byOwner(await house.run(sweep, { exemption: rules }), 'Owner');

  expect(parts.map(({ owner, report }) => [owner, report.results.length])).toEqual([
    ['ana', 2],
    ['cleo', 1],
  ]);
  expect(digest(parts[1]?.report ?? expect.fail()).subject).toMatch(/^Reeve: exemption of ending ends soon/);
});

it('nobody gets a message about nothing but what is exempt for long', async () => {
  const house = new House();
  const tags = { 'reeve:exempt': 'T-1 until 2026-12-31', Owner: 'ana' };
  house.add('hall', { tags: new Map(Object.entries(tags)) });
  house.add('attic', { tags: new Map([['Owner', 'bob']]) });
  expect(byOwner(await house.run(sweep), 'Owner').map(({ owner }) => owner)).toEqual(['bob']);
});
