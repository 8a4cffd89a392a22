import { expect, it } from 'vitest';
import { doors, SEED } from './doors.ts';

it.each(doors().map((door) => [door.name, door] as const))(
  'B5.14 B5.39 B6.30 bad input at the door of %s is refused in one line and changes nothing',
  async (_name, door) => {
    expect(await door.fuzz(200, SEED)).toMatchObject({ crashed: 0, acted: 0, failure: '' });
  },
);
