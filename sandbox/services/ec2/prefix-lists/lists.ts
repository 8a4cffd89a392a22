import type {
  CreateManagedPrefixListRequest,
  CreateManagedPrefixListResult,
  DeleteManagedPrefixListRequest,
  DeleteManagedPrefixListResult,
  DescribeManagedPrefixListsRequest,
  DescribeManagedPrefixListsResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import { chosen } from '../chosen.ts';
import { onCreated } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { filterBy, pageOf } from '../listing.ts';
import { once } from '../once.ts';
import { invalidValue, KINDS, missing } from '../refuse.ts';
import { ec2State, newResource } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import { wrappedTrail } from '../wrapped-trail.ts';
import { onList, ownList, showList } from './access.ts';
import { addedTo } from './entries.ts';
import type { PrefixList } from './model.ts';
import { referrers } from './references.ts';

/** Makes a prefix list with its first entries. */
export const CreateManagedPrefixList = ec2Operation<
  CreateManagedPrefixListRequest,
  CreateManagedPrefixListResult
>(['PrefixListName', 'Entries', 'MaxEntries', 'AddressFamily', 'TagSpecifications', 'ClientToken'], {
  run(input, call) {
    const state = ec2State.of(call);
    return once(call, input.ClientToken, input, () => {
      const { PrefixListName: name, MaxEntries: maxEntries, AddressFamily: family } = input;
      if (!name) throw missing('PrefixListName');
      if (name.startsWith('com.amazonaws')) throw invalidValue(`Prefix list name '${name}' is reserved.`);
      if (family !== 'IPv4' && family !== 'IPv6')
        throw invalidValue(`Invalid value '${family}' for AddressFamily.`);
      if (!maxEntries || maxEntries < 1 || maxEntries > 1000)
        throw invalidValue('MaxEntries must be from 1 to 1000.');
      const bare: PrefixList = {
        ...newResource(state, 'pl', call.account, tagsFor(input.TagSpecifications, 'prefix-list')),
        name,
        family,
        maxEntries,
        weight: maxEntries,
        version: 1,
        entriesByVersion: new Map(),
        state: 'create-complete',
        readable: true,
      };
      const list = { ...bare, entriesByVersion: new Map([[1, addedTo([], input.Entries, bare)]]) };
      state.prefixLists.set(list.id, list);
      return { PrefixList: showList(call, { ...list, state: 'create-in-progress' }) };
    });
  },
  authorize: (input, call) => onCreated(call, 'prefix-list', input.TagSpecifications),
  trail: wrappedTrail('CreateManagedPrefixList', {
    Entries: 'Entry',
    TagSpecifications: 'TagSpecification',
    Tags: 'Tag',
  }),
});

/** Lists this account's prefix lists, AWS's, and those that others share with it. */
export const DescribeManagedPrefixLists = ec2Operation<
  DescribeManagedPrefixListsRequest,
  DescribeManagedPrefixListsResult
>(['PrefixListIds', 'Filters', 'MaxResults', 'NextToken'], {
  run(input, call) {
    const keep = filterBy<PrefixList>(
      input.Filters,
      {
        'owner-id': (list) => [list.owner],
        'prefix-list-id': (list) => [list.id],
        'prefix-list-name': (list) => [list.name],
      },
      (list) => list.tags,
    );
    const ids = input.PrefixListIds;
    const found = chosen(ec2State.of(call).prefixLists.seen(), ids, KINDS.prefixList).filter(keep);
    const page = pageOf(found, input, { min: 1, max: 100, ids: ids && 'PrefixListIds' });
    return { PrefixLists: page.items.map((list) => showList(call, list)), NextToken: page.NextToken };
  },
});

/** Deletes a prefix list to which nothing refers. */
export const DeleteManagedPrefixList = ec2Operation<
  DeleteManagedPrefixListRequest,
  DeleteManagedPrefixListResult
>(['PrefixListId'], {
  run(input, call) {
    const state = ec2State.of(call);
    const list = ownList(call, input.PrefixListId);
    if (referrers(state, list.id).length > 0) {
      const message = `The prefix list '${list.id}' has one or more associations and cannot be deleted.`;
      throw new AwsError('DependencyViolation', message);
    }
    state.prefixLists.delete(list.id);
    return { PrefixList: showList(call, { ...list, state: 'delete-in-progress' }) };
  },
  authorize: (input, call) => [onList(call, input.PrefixListId)],
  trail: wrappedTrail('DeleteManagedPrefixList'),
});
