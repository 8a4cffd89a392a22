import { expect, it } from 'vitest';
import { knock } from './doors/functions.ts';
import { doors, SEED } from './doors.ts';
import { sampleEvents } from './samples.ts';
import { POLICIES, Workshop } from './workshop.ts';

/** A whole function is dear to knock at; doors.long.ts does it hundreds of times. */
const runsAt = (name: string): number => (name.startsWith('function ') ? 6 : 20);

it.each(doors().map((door) => [door.name, door] as const))(
  'B5.13 B5.14 B5.39 B6.30 bad input at the door of %s is refused in one line and changes nothing',
  async (name, door) => {
    expect(await door.fuzz(runsAt(name), SEED)).toMatchObject({ crashed: 0, acted: 0, failure: '' });
  },
);

/** The samples that each policy listens to, about what is in order here; forged.long.ts has all of them. */
const FORGED = {
  'delete-stale-buckets': 'delete-stale-buckets.put-bucket-tagging.json',
  'enforce-tags': 'tag-change.json',
  'revoke-open-ssh': 'revoke-open-ssh.authorize-ingress.json',
  'stop-idle-instances': 'alarm.eventbridge.json',
} as const;

it.each(POLICIES)(
  'B6.14 a forged invoke of %s changes nothing where a sweep would have acted',
  async (policy) => {
    const workshop = await Workshop.open();
    const forged = workshop.about(JSON.stringify(sampleEvents().get(FORGED[policy])));

    expect(await knock(workshop, policy, JSON.parse(forged))).toMatchObject({ remedied: false, acted: [] });
    expect(await knock(workshop, policy, { reeve: 'sweep' })).toMatchObject({ remedied: true, acted: [] });
  },
);
