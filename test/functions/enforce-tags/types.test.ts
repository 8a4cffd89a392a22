import { expect, it } from 'vitest';
import { TYPE_NAMES } from '../../../functions/enforce-tags/type-names.ts';
import { rowsOf, TYPES } from '../../../functions/enforce-tags/types/table.ts';
import { MAKERS } from './makers.ts';
import { Office } from './office.ts';

it('every type has its row', () => {
  expect([...TYPES.keys()].toSorted()).toEqual([...TYPE_NAMES].toSorted());
  expect(rowsOf(['AWS::S3::Bucket', 'AWS::EC2::VPC']).map(({ type }) => type)).toEqual([
    'AWS::EC2::VPC',
    'AWS::S3::Bucket',
  ]);
});

it.each(Object.entries(MAKERS))(
  'B2.30 %s: found though it never had a tag, tagged, read, untagged',
  async (type, make) => {
    const office = new Office({ tags: [{ key: 'Owner', default: 'ops' }], types: [type], graceMinutes: 0 });
    const id = await make(office);
    await office.pass(60);

    const swept = await office.sweep();
    const result = swept.results.find(({ resource }) => resource.id === id);
    expect(result).toMatchObject({ resource: { type }, outcome: { outcome: 'done', code: 'remedied' } });

    const [found] = await office.found({ type, id });
    expect(found?.tags.get('Owner')).toBe('ops');
    expect((await office.sweep()).results).toEqual([]);

    const row = TYPES.get(type);
    const target = { id, arn: found?.arn ?? '' };
    expect(row?.idOf(target.arn)).toBe(id);
    const removed = await row?.write.remove(office.aws, [target], new Map([['Owner', 'ops']]));
    expect(removed?.map(({ failure }) => failure)).toEqual([undefined]);
    const [bare] = await office.found({ type, id });
    expect(bare?.tags.has('Owner')).toBe(false);
  },
);

it.each(Object.entries(MAKERS))('B2.31 the event of a new %s leads to its tag', async (type, make) => {
  const office = new Office({ tags: [{ key: 'Owner', from: ['creator'] }], types: [type], graceMinutes: 1 });
  const id = await make(office);
  await office.react();
  await office.drain();

  const [found] = await office.found({ type, id });
  expect(found?.tags.get('Owner')).toBe('ana');
});
