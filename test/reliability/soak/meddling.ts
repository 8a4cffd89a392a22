import { allBuckets } from '../../../sandbox/services/s3/state.ts';
import type { Account } from '../stage/account.ts';
import { type Entry, idOf } from '../stage/journal.ts';
import { beforeOf } from './taken-back.ts';

/** Somebody changes by hand what an entry changed, so that it is not Reeve's to take back any more. */
export async function meddleWith(account: Account, entry: Entry): Promise<void> {
  const id = idOf(entry.resource);
  switch (entry.action) {
    case 'revoke-ingress': {
      const [rule] = beforeOf(entry).rules ?? [];
      const asked = { GroupId: id, IpPermissions: [rule?.permission] };
      return void (await account.as('ec2', 'AuthorizeSecurityGroupIngress', asked));
    }
    case 'stop-instances':
      return void (await account.as('ec2', 'StartInstances', { InstanceIds: [id] }));
    case 'start-instances':
      return void (await account.as('ec2', 'StopInstances', { InstanceIds: [id] }));
    case 'tag-resource': {
      const Tags = [{ Key: 'Owner', Value: 'bob' }];
      return void (await account.as('ec2', 'CreateTags', { Resources: [id], Tags }));
    }
    default:
      allBuckets(account.world)
        .find(({ name }) => name === id)
        ?.tags.delete('reeve:delete-after');
  }
}
