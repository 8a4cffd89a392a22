import { seedInstances } from '../../sandbox/services/ec2/instances/seed.ts';
import { shareSecurityGroup } from '../../sandbox/services/ec2/seed.ts';
import { ec2State } from '../../sandbox/services/ec2/state.ts';
import { expectFound, type Job, placeOf } from './job.ts';

/** One resource in twenty lacks the tag. */
const EVERY = 20;
const TEAM = [{ Key: 'team', Value: 'core' }];

/** Tenths of the resources: instances, each with a volume and an interface, and security groups. */
const INSTANCES = 0.3;

/** Instances, volumes, interfaces and security groups, a few of them without their tag. */
export const tags: Job = {
  seed(sandbox, resources) {
    const place = placeOf(sandbox);
    const { account: owner } = sandbox;
    const state = ec2State.of(place);
    // What every account has from the beginning.
    for (const [id, group] of state.groups.newest) state.groups.set(id, { ...group, tags: TEAM });
    const instances = Math.round(resources * INSTANCES);
    const tagsOf = (index: number) => (index % EVERY === 0 ? [] : TEAM);
    seedInstances(place, instances, { instanceType: 'm5.large', tags: tagsOf });
    for (let number = 0; number < resources - 3 * instances; number++) {
      shareSecurityGroup(place, { owner, name: `group-${number}`, tags: tagsOf(number) });
    }
    let number = 0;
    for (const [id, volume] of state.volumes.newest) {
      state.volumes.set(id, { ...volume, tags: tagsOf(number++) });
    }
    number = 0;
    for (const [id, nic] of state.interfaces.newest) {
      state.interfaces.set(id, { ...nic, tags: tagsOf(number++) });
    }
  },
  flaws: async (_, resources, found) => {
    const instances = Math.round(resources * INSTANCES);
    const groups = resources - 3 * instances;
    return expectFound(found, 3 * Math.ceil(instances / EVERY) + Math.ceil(groups / EVERY));
  },
};
