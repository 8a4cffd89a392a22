import { expect, it } from 'vitest';
import { knock } from '../fuzz/doors/functions.ts';
import { sampleEvents } from '../fuzz/samples.ts';
import { POLICIES, Workshop } from '../fuzz/workshop.ts';

it.each(POLICIES)('B6.14 no forged invoke of %s changes what is in order', async (policy) => {
  let workshop = await Workshop.open();
  for (const [name, sample] of sampleEvents()) {
    const event = JSON.parse(workshop.about(JSON.stringify(sample)));
    const { acted, remedied } = await knock(workshop, policy, event);

    expect(acted, name).toEqual([]);
    if (remedied) workshop = await Workshop.open();
  }
});
