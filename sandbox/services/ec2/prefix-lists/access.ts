import type { ManagedPrefixList } from '@aws-sdk/client-ec2';
import type { Call, Demand } from '../../../core/service.ts';
import { ec2Arn, onResource } from '../demands.ts';
import { KINDS, resolve, unauthorized } from '../refuse.ts';
import { ec2State } from '../state.ts';
import type { PrefixList } from './model.ts';

/** A list that this account may change. */
export function ownList(call: Call, id: string | undefined): PrefixList {
  const list = resolve(ec2State.of(call).prefixLists.newest, id, KINDS.prefixList, 'PrefixListId');
  if (list.owner === call.account) return list;
  throw unauthorized();
}

/** A list as DescribeManagedPrefixLists shows it; AWS's own have neither version nor maximum. */
export function showList(call: Call, list: PrefixList): ManagedPrefixList {
  const own = list.owner === 'AWS' ? {} : { MaxEntries: list.maxEntries, Version: list.version };
  return {
    PrefixListId: list.id,
    AddressFamily: list.family,
    State: list.state,
    PrefixListArn: ec2Arn(call, 'prefix-list', list.id, list.owner === 'AWS' ? 'aws' : list.owner),
    PrefixListName: list.name,
    OwnerId: list.owner,
    Tags: [...list.tags],
    ...own,
  };
}

/** IAM's question about one list. */
export function onList(call: Call, id: string | undefined): Demand {
  return onResource(call, 'prefix-list', id, ec2State.of(call).prefixLists.newest.get(id ?? ''));
}
