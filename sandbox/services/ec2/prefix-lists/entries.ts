import type {
  AddPrefixListEntry,
  GetManagedPrefixListAssociationsRequest,
  GetManagedPrefixListAssociationsResult,
  GetManagedPrefixListEntriesRequest,
  GetManagedPrefixListEntriesResult,
  ModifyManagedPrefixListRequest,
  ModifyManagedPrefixListResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import { canonicalIpv4, canonicalIpv6 } from '../cidr.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { pageOf } from '../listing.ts';
import { invalidValue, KINDS, missing, resolve, unauthorized } from '../refuse.ts';
import { ec2State } from '../state.ts';
import { wrappedTrail } from '../wrapped-trail.ts';
import { onList, ownList, showList } from './access.ts';
import type { ListEntry, PrefixList } from './model.ts';
import { referrers } from './references.ts';

/** Adds and removes entries, which makes a new version; or renames or resizes the list. */
export const ModifyManagedPrefixList = ec2Operation<
  ModifyManagedPrefixListRequest,
  ModifyManagedPrefixListResult
>(['PrefixListId', 'CurrentVersion', 'PrefixListName', 'AddEntries', 'RemoveEntries', 'MaxEntries'], {
  run(input, call) {
    const state = ec2State.of(call);
    const list = ownList(call, input.PrefixListId);
    const {
      AddEntries: add = [],
      RemoveEntries: remove = [],
      MaxEntries: maxEntries = list.maxEntries,
    } = input;
    const changes = add.length + remove.length > 0;
    if (changes && input.MaxEntries !== undefined) {
      throw invalidValue('You cannot modify the entries and the maximum number of entries in one request.');
    }
    if (changes && input.CurrentVersion === undefined) throw missing('CurrentVersion');
    if (input.CurrentVersion !== undefined && input.CurrentVersion !== list.version) {
      const message = `The prefix list has the incorrect version number. Expected ${list.version}, got ${input.CurrentVersion}.`;
      throw new AwsError('PrefixListVersionMismatch', message);
    }
    const renamed = { ...list, name: input.PrefixListName ?? list.name, maxEntries, weight: maxEntries };
    const entries = addedTo(withoutEntries(entriesOf(list), remove, list), add, renamed);
    const version = changes ? list.version + 1 : list.version;
    const modified = {
      ...renamed,
      version,
      entriesByVersion: new Map([...list.entriesByVersion, [version, entries]]),
      state: 'modify-complete' as const,
    };
    state.prefixLists.set(list.id, modified);
    return { PrefixList: showList(call, { ...modified, state: 'modify-in-progress' }) };
  },
  authorize: (input, call) => [onList(call, input.PrefixListId)],
  trail: wrappedTrail('ModifyManagedPrefixList', { AddEntries: 'AddEntry', RemoveEntries: 'RemoveEntry' }),
});

/** The entries of a list's newest version. */
function entriesOf(list: PrefixList): readonly ListEntry[] {
  return list.entriesByVersion.get(list.version) ?? [];
}

/** `old` and the added entries, canonical; an entry that is already there gets its new description. */
export function addedTo(
  old: readonly ListEntry[],
  added: readonly AddPrefixListEntry[] | undefined,
  list: PrefixList,
): readonly ListEntry[] {
  const entries = new Map(old.map((entry) => [entry.cidr, entry]));
  for (const { Cidr, Description: description } of added ?? []) {
    if (!Cidr) throw missing('Cidr');
    const cidr = list.family === 'IPv4' ? canonicalIpv4(Cidr) : canonicalIpv6(Cidr);
    entries.set(cidr, { cidr, description });
  }
  if (entries.size > list.maxEntries) {
    const message = `You've reached the maximum number of entries for the prefix list (${list.maxEntries}).`;
    throw new AwsError('PrefixListMaxEntriesExceeded', message);
  }
  return [...entries.values()];
}

function withoutEntries(
  old: readonly ListEntry[],
  removed: readonly { Cidr: string | undefined }[],
  list: PrefixList,
): readonly ListEntry[] {
  const gone = removed.map(({ Cidr = '' }) =>
    list.family === 'IPv4' ? canonicalIpv4(Cidr) : canonicalIpv6(Cidr),
  );
  for (const cidr of gone) {
    if (!old.some((entry) => entry.cidr === cidr)) {
      throw invalidValue(`The CIDR '${cidr}' does not exist in the prefix list '${list.id}'.`);
    }
  }
  return old.filter((entry) => !gone.includes(entry.cidr));
}

/** Reads a list's entries, of its newest version unless told. */
export const GetManagedPrefixListEntries = ec2Operation<
  GetManagedPrefixListEntriesRequest,
  GetManagedPrefixListEntriesResult
>(['PrefixListId', 'TargetVersion', 'MaxResults', 'NextToken'], {
  run(input, call) {
    const list = resolve(
      ec2State.of(call).prefixLists.seen(),
      input.PrefixListId,
      KINDS.prefixList,
      'PrefixListId',
    );
    if (!list.readable) {
      throw unauthorized();
    }
    const version = input.TargetVersion ?? list.version;
    const entries = list.entriesByVersion.get(version);
    if (!entries)
      throw invalidValue(`The version ${version} of the prefix list '${list.id}' does not exist.`);
    const placed = entries.map((entry, index) => ({ ...entry, serial: index + 1 }));
    const page = pageOf(placed, input, { min: 1, max: 100 });
    return {
      Entries: page.items.map(({ cidr, description }) => ({ Cidr: cidr, Description: description })),
      NextToken: page.NextToken,
    };
  },
  authorize: (input, call) => [onList(call, input.PrefixListId)],
});

/** Tells which resources refer to a list. */
export const GetManagedPrefixListAssociations = ec2Operation<
  GetManagedPrefixListAssociationsRequest,
  GetManagedPrefixListAssociationsResult
>(['PrefixListId', 'MaxResults', 'NextToken'], {
  run(input, call) {
    const state = ec2State.of(call);
    const list = resolve(state.prefixLists.newest, input.PrefixListId, KINDS.prefixList, 'PrefixListId');
    const page = pageOf(referrers(state, list.id), input, { min: 5, max: 255 });
    return {
      PrefixListAssociations: page.items.map(({ id, owner }) => ({ ResourceId: id, ResourceOwner: owner })),
      NextToken: page.NextToken,
    };
  },
  authorize: (input, call) => [onList(call, input.PrefixListId)],
});
