import { logGroups } from '../../../sandbox/services/cloudwatch-logs/state.ts';
import { peerName } from '../../../sandbox/services/ec2/groups/rule.ts';
import { ec2State } from '../../../sandbox/services/ec2/state.ts';
import { allBuckets } from '../../../sandbox/services/s3/state.ts';
import type { Account } from './account.ts';

/** Everything that policies could change, as path and value: `sg-1/rule/sgr-2`, `i-1/state`, `b/tag/Owner`. */
export type Snapshot = ReadonlyMap<string, string>;

/** Reads the account's own state, not by way of the API that Reeve reads it by. */
export function snapshot(account: Account): Snapshot {
  const paths = new Map<string, string>();
  const tagged = (id: string, tags: Iterable<readonly [string, string]>) => {
    for (const [key, value] of tags) paths.set(`${id}/tag/${key}`, value);
  };
  const state = ec2State.of(account.inside);
  const resources = [state.groups, state.instances];
  for (const kind of resources) {
    for (const one of kind.newest.values()) {
      paths.set(`${one.id}`, 'there');
      tagged(
        one.id,
        one.tags.map(({ Key, Value }) => [Key, Value] as const),
      );
    }
  }
  for (const { id, rules } of state.groups.newest.values()) {
    for (const rule of rules) {
      const { protocol, fromPort, toPort, peer } = rule;
      paths.set(`${id}/rule/${rule.id}`, `${protocol} ${fromPort}-${toPort} ${peerName(peer)}`);
    }
  }
  for (const { id, state: power, launchTime, interfaceIds } of state.instances.newest.values()) {
    paths.set(`${id}/state`, settled(power));
    paths.set(`${id}/launch`, launchTime.toISOString());
    for (const nic of interfaceIds)
      paths.set(`${id}/groups/${nic}`, state.interfaces.newest.get(nic)?.groupIds.join() ?? '');
  }
  for (const { arn, tags } of logGroups.of(account.inside).values()) {
    paths.set(arn, 'there');
    tagged(arn, tags);
  }
  for (const bucket of allBuckets(account.world)) {
    const { name, tags, versions, uploads, configurations } = bucket;
    paths.set(name, 'there');
    tagged(name, tags);
    paths.set(`${name}/contents`, `${versions.isEmpty ? 'empty' : 'filled'} ${uploads.size}`);
    paths.set(`${name}/policy`, configurations.policy ?? '');
    paths.set(`${name}/lifecycle`, JSON.stringify(configurations.lifecycle ?? null));
  }
  return paths;
}

/** A machine on its way somewhere is where it goes to. */
function settled(power: string): string {
  if (power === 'stopping') return 'stopped';
  return power === 'pending' ? 'running' : power;
}

/** The paths whose values differ. */
export function differences(before: Snapshot, after: Snapshot): ReadonlySet<string> {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return new Set([...paths].filter((path) => before.get(path) !== after.get(path)));
}
