import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Account } from './account.ts';
import type { Snapshot } from './snapshot.ts';

/** What an open mark in the journal's table promises, read past the code that writes it. */
export interface OpenMark {
  readonly policy: string;
  readonly id: string;
  /** ISO 8601. */
  readonly due: string;
}

const written = z.object({ policy: z.string(), due: z.string(), resource: z.object({ id: z.string() }) });

export async function openMarksOf(account: Account): Promise<readonly OpenMark[]> {
  const answer = await account.as('dynamodb', 'Scan', { TableName: 'journal' });
  // The typed boundary to the sandbox's answer, which is Scan's own.
  const { Items = [] } = answer as { readonly Items?: readonly Readonly<Record<string, AttributeValue>>[] };
  return Items.filter(({ mark, closed }) => mark !== undefined && closed === undefined).map(({ mark }) => {
    const { policy, due, resource } = written.parse(JSON.parse(mark?.S ?? ''));
    return { policy, due, id: resource.id };
  });
}

/** Whether a difference is the tag by which a mark is seen on its resource, and says what the mark says. */
export function isAnnounced(marks: readonly OpenMark[], path: string, now: Snapshot): boolean {
  return marks.some(
    ({ id, policy, due }) => path === `${id}/tag/reeve:${policy}-after` && now.get(path) === due,
  );
}
