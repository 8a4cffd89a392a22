import { describe, expect, it } from 'vitest';
import { Attic } from './attic.ts';

/** A stale bucket beside one that was marked for real, and is due. */
async function twoBuckets(): Promise<Attic> {
  const attic = new Attic();
  attic.guard = { caps: { count: 10, percent: 100 } };
  attic.stale('old-logs', 1500);
  await attic.sweep();
  await attic.days(15);
  return attic;
}

describe('B4.24 B6.8 whoever may tag a bucket cannot have it deleted', () => {
  it('a mark copied from another bucket is no mark', async () => {
    const attic = await twoBuckets();
    attic.stale('copied', 3, {}, { tags: attic.tags('old-logs') });
    const report = await attic.sweep();
    expect(attic.exists('old-logs')).toBe(false);
    expect(attic.state('copied').versions.isEmpty).toBe(false);
    const ended = report.results.find(({ resource }) => resource.id === 'copied');
    expect(ended?.outcome).toMatchObject({ reason: expect.stringContaining('journal knows nothing') });
  });

  it('a mark set back in time does not shorten the wait', async () => {
    const attic = await twoBuckets();
    attic.stale('other', 3);
    await attic.sweep();
    const [, digest] = attic.tags('other')['reeve:marked']?.split(' ') ?? [];
    attic.state('other').tags.set('reeve:marked', `2026-01-01T00:00:00Z ${digest}`);
    attic.state('other').tags.set('reeve:delete-after', '2026-02-01');
    await attic.days(1);
    await attic.sweep();
    expect(attic.state('other').versions.isEmpty).toBe(false);
  });

  it('a forged start of a rule does not make new delete markers ours', async () => {
    const attic = await twoBuckets();
    attic.state('old-logs').tags.set('reeve:emptying', attic.now().toISOString());
    await attic.sweep();
    expect(attic.state('old-logs').versions.isEmpty).toBe(false);
  });

  it('B6.16 a journal that cannot be read proves nothing', async () => {
    const attic = await twoBuckets();
    attic.journal.broken.add('recent');
    await attic.sweep();
    expect(attic.state('old-logs').versions.isEmpty).toBe(false);
  });
});

it.each([
  { when: 'an exemption', set: { 'reeve:exempt': 'T-1 until 2026-12-01' } },
  { when: 'an objection', set: { 'reeve:delete-after': undefined } },
])('B4.24 B4.25 $when in the middle of emptying stops it', async ({ set }) => {
  const attic = new Attic();
  attic.stale('old-logs', 30_000);
  await attic.sweep();
  await attic.days(15);
  let batches = 0;
  attic.remaining = () => {
    batches = attic.calls().filter((call) => call === 'DeleteObjects').length;
    if (batches === 3) {
      const { tags } = attic.state('old-logs');
      for (const [key, value] of Object.entries(set)) {
        if (value === undefined) tags.delete(key);
        else tags.set(key, value);
      }
      // A bucket of millions takes minutes.
      attic.world.clock.advance(16_000);
    }
    return 900_000;
  };
  const report = await attic.sweep();
  expect(report.results).toMatchObject([{ outcome: { outcome: 'failed', code: 'halted' } }]);
  expect(attic.state('old-logs').versions.isEmpty).toBe(false);
});

it('B4.24 an objection while another bucket of the batch is emptied is seen before the first deletion', async () => {
  const attic = new Attic();
  attic.guard = { caps: { count: 10, percent: 100 } };
  attic.stale('old-logs', 3);
  await attic.sweep();
  await attic.days(15);
  attic.killSwitch = () => {
    attic.state('old-logs').tags.delete('reeve:delete-after');
    return 'off';
  };
  await attic.sweep();
  expect(attic.state('old-logs').versions.isEmpty).toBe(false);
});
