import type { BusEvent, World } from '../../core/world.ts';
import { ec2State, type Place } from '../ec2/state.ts';
import { balance, dismiss, serve } from './balance.ts';
import { change, type Group, groups } from './state.ts';

/** From the moment at which a member no longer runs until Auto Scaling's checks see it, in ms. */
export const HEALTH_CHECK_MS = 60_000;

const watched = new WeakSet<World>();

/** Watches the world's instances: a member that runs is in service, one that does not is replaced. */
export function watchMembers(world: World): void {
  if (watched.has(world)) return;
  watched.add(world);
  world.onEvent((event) => {
    if (event['detail-type'] !== 'EC2 Instance State-change Notification') return;
    const { id, state } = read(event);
    for (const { account, region, state: known } of groups.all(world)) {
      if (account !== event.account || region !== event.region) continue;
      const group = [...known.values()].find(({ members }) => members.some((one) => one.instanceId === id));
      const partition = world.accounts.get(account)?.partition ?? 'aws';
      if (group) noticed({ world, account, region, partition }, group, id, state);
    }
  });
}

function noticed(place: Place, group: Group, id: string, state: string): void {
  const lifecycle = group.members.find((one) => one.instanceId === id)?.lifecycle;
  if (state === 'running' && lifecycle === 'Pending') {
    change(place, group.name, (now) => ({
      ...now,
      members: now.members.map((one) => (one.instanceId === id ? { ...one, lifecycle: 'InService' } : one)),
    }));
    place.world.clock.at(place.world.clock.now(), () => serve(place, group, 'Register', [id]));
    return;
  }
  if (state === 'pending' || state === 'running') return;
  place.world.clock.at(place.world.clock.now() + HEALTH_CHECK_MS, () => replace(place, group.name, id));
}

/** A member in service that still does not run is terminated, and another one launched. */
async function replace(place: Place, name: string, id: string): Promise<void> {
  const member = groups
    .of(place)
    .get(name)
    ?.members.find((one) => one.instanceId === id);
  if (!member || (member.lifecycle !== 'InService' && member.lifecycle !== 'Pending')) return;
  const state = ec2State.of(place).instances.newest.get(id)?.state;
  if (state === 'running' || state === 'pending') return;
  await dismiss(place, name, [member]);
  await balance(place, name);
}

// The sandbox's own notification: documented, and written by EC2's transitions.
function read({ detail }: BusEvent): { id: string; state: string } {
  const { 'instance-id': id, state } = detail as { 'instance-id': string; state: string };
  return { id, state };
}
