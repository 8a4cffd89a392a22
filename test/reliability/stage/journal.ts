import { entryOf, type Item } from '../../../shared/aws/journal-record.ts';
import type { JournalEntry } from '../../../shared/engine/journal.ts';
import type { Json } from '../../../shared/engine/verdict.ts';
import type { Account } from './account.ts';

export interface Entry extends JournalEntry {
  /** How earlier attempts at the same change ended. */
  readonly earlier: readonly string[];
}

/** The whole journal, read past the code that writes it as far as the item's shape goes. */
export async function journalOf(account: Account): Promise<readonly Entry[]> {
  const answer = await account.as('dynamodb', 'Scan', { TableName: 'journal' });
  // The typed boundary to the sandbox's answer, which is Scan's own.
  const { Items = [] } = answer as { readonly Items?: readonly Item[] };
  return Items.filter(({ intent }) => intent !== undefined).map((item) => ({
    ...entryOf(item),
    earlier: (item.earlier?.L ?? []).map(({ S: attempt = '{}' }) => resultOf(JSON.parse(attempt))),
  }));
}

function resultOf(attempt: unknown): string {
  return typeof attempt === 'object' && attempt !== null && 'result' in attempt ? String(attempt.result) : '';
}

/** Whether a difference of the account is what this entry says that was to be changed. */
export function accountsFor({ resource, action, before, parameters }: JournalEntry, path: string): boolean {
  const id = idOf(resource);
  const journaled = (before ?? {}) as Before;
  if (action === 'undo') return accountsForUndo(id, parameters, journaled, path);
  switch (action) {
    case 'revoke-ingress':
      return (journaled.rules ?? []).some(({ ruleId }) => path === `${id}/rule/${ruleId}`);
    case 'stop-instances':
    case 'start-instances':
      return isPower(id, path);
    case 'tag-resource':
    case 'stop-instance':
    case 'quarantine-instance': {
      const isTag = (journaled.tags ?? []).some(({ Key }) => path === `${id}/tag/${Key}`);
      if (action === 'quarantine-instance')
        return isTag || (journaled.interfaces ?? []).some((one) => path === `${id}/groups/${one.id}`);
      return isTag || (action === 'stop-instance' && path === `${id}/state`);
    }
    case 'mark':
    case 'unmark':
      return path.startsWith(`${id}/tag/reeve:`);
    case 'empty-and-delete':
      return isPartOf(id, path) || path === `${journaled.archive?.bucket}/contents`;
    default:
      throw new Error(`what ${action} changes is not described here`);
  }
}

/** What was changed comes back; a rule under an id of its own. That it is as it was, the scenarios look at themselves. */
function accountsForUndo(
  id: string,
  { action }: JournalEntry['parameters'],
  { set = [], removed = [] }: Before,
  path: string,
): boolean {
  switch (action) {
    case 'revoke-ingress':
      return path.startsWith(`${id}/rule/`);
    case 'stop-instances':
    case 'start-instances':
      return isPower(id, path);
    case 'tag-resource':
      return [...set, ...removed].some(({ Key }) => path === `${id}/tag/${Key}`);
    case 'mark':
      return path.startsWith(`${id}/tag/reeve:`);
    case 'empty-and-delete':
      return isPartOf(id, path);
    default:
      throw new Error(`what taking ${action} back changes is not described here`);
  }
}

/** What was stopped and started again shows it by its launch. */
function isPower(id: string, path: string): boolean {
  return path === `${id}/state` || path === `${id}/launch`;
}

function isPartOf(id: string, path: string): boolean {
  return path === id || path.startsWith(`${id}/`);
}

/** Buckets are called by their names, whatever the policy calls them. */
export function idOf({ id }: JournalEntry['resource']): string {
  return id.replace(/^arn:[^:]+:s3:::/, '');
}

/** What `before` holds, as far as it is looked at here: our own JSON. */
interface Before {
  readonly rules?: readonly { readonly ruleId: Json }[];
  readonly tags?: readonly { readonly Key: string }[];
  readonly interfaces?: readonly { readonly id: string }[];
  readonly set?: readonly { readonly Key: string }[];
  readonly removed?: readonly { readonly Key: string }[];
  readonly archive?: { readonly bucket: string } | null;
}
