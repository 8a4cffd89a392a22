import { expect, it } from 'vitest';
import { knock } from './doors/functions.ts';
import { doors, SEED } from './doors.ts';
import { POLICIES, Workshop } from './workshop.ts';

it.each(doors().map((door) => [door.name, door] as const))(
  'B5.13 B5.14 B5.39 B6.30 bad input at the door of %s is refused in one line and changes nothing',
  async (_name, door) => {
    expect(await door.fuzz(30, SEED)).toMatchObject({ crashed: 0, acted: 0, failure: '' });
  },
);

it.each(POLICIES)('%s would have acted in the account that bad input knocks at', async (policy) => {
  const workshop = await Workshop.open();

  expect(await knock(workshop, policy, { reeve: 'sweep' })).toMatchObject({ remedied: true, acted: [] });
});
