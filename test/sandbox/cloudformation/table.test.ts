import { expect, it } from 'vitest';
import { resourceTypes } from '../../../sandbox/cloudformation/table.ts';
import { serviceSpec } from '../../support/service-spec.ts';

const spec = await serviceSpec();

it.each(Object.entries(resourceTypes))(
  '%s is replaced by the changes that replace it on AWS',
  (name, type) => {
    const [described] = [...spec.lookup('resource', 'cloudFormationType', 'equals', name)];
    const known = Object.entries(described?.properties ?? {}).filter(([property]) =>
      type.properties.includes(property),
    );
    const replaces = known
      .filter(([, { causesReplacement }]) => causesReplacement === 'yes')
      .map(([each]) => each);

    expect(known.map(([property]) => property).sort()).toEqual([...type.properties].sort());
    expect([...type.replacedBy].sort()).toEqual(replaces.sort());
    expect(type.updates?.filter((each) => replaces.includes(each)) ?? []).toEqual([]);
  },
);
