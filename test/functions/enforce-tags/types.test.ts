import { expect, it } from 'vitest';
import { TYPE_NAMES } from '../../../functions/enforce-tags/type-names.ts';
import { rowsOf, TYPES } from '../../../functions/enforce-tags/types/table.ts';
import { MAKERS } from './makers.ts';
import { Office } from './office.ts';

/** Types whose service tells when they were made. */
const TELLS_AGE: readonly string[] = [
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::EC2::Instance',
  'AWS::EC2::Volume',
  'AWS::EC2::Snapshot',
  'AWS::EC2::Image',
  'AWS::EC2::NatGateway',
  'AWS::S3::Bucket',
  'AWS::RDS::DBInstance',
];

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

    // Of some types nobody tells how old they are: what a sweep sees first is left to the next.
    const expected = TELLS_AGE.includes(type) ? ['remedied'] : ['grace', 'remedied'];
    const codes: (string | undefined)[] = [];
    while (codes.length < expected.length) {
      const { results } = await office.sweep();
      codes.push(results.find(({ resource }) => resource.id === id)?.outcome.code);
      await office.pass(10);
    }
    expect(codes).toEqual(expected);

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
