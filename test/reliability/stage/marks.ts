import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Account } from './account.ts';
import type { Snapshot } from './snapshot.ts';

/** What a mark in the journal's table promises, read past the code that writes it. */
export interface Mark {
  readonly policy: string;
  readonly id: string;
  /** ISO 8601. */
  readonly due: string;
  /** It gives time for a finding, and that was not ended since. */
  readonly isCounting: boolean;
  /** Epoch ms; absent: it is open. */
  readonly closedAt?: number;
}

const written = z.object({
  policy: z.string(),
  due: z.string(),
  resource: z.object({ id: z.string() }),
  notice: z.boolean().optional(),
  lapsed: z.string().optional(),
});
const end = z.object({ at: z.string() });

export async function openMarksOf(account: Account): Promise<readonly Mark[]> {
  return (await marksOf(account)).filter(({ closedAt }) => closedAt === undefined);
}

/** The last mark of each policy and resource. */
export async function marksOf(account: Account): Promise<readonly Mark[]> {
  const answer = await account.as('dynamodb', 'Scan', { TableName: 'journal' });
  // The typed boundary to the sandbox's answer, which is Scan's own.
  const { Items = [] } = answer as { readonly Items?: readonly Readonly<Record<string, AttributeValue>>[] };
  return Items.filter(({ mark }) => mark !== undefined).map(({ mark, closed }) => {
    const { policy, due, resource, notice, lapsed } = written.parse(JSON.parse(mark?.S ?? ''));
    const isCounting = notice !== true && lapsed === undefined && closed === undefined;
    const closedAt = closed && { closedAt: Date.parse(end.parse(JSON.parse(closed.S ?? '')).at) };
    return { policy, due, id: resource.id, isCounting, ...closedAt };
  });
}

/** Whether a difference is the tag by which a mark is seen on its resource, and says what the mark says. */
export function isAnnounced(marks: readonly Mark[], path: string, now: Snapshot): boolean {
  return marks.some(
    ({ id, policy, due }) => path === `${id}/tag/reeve:${policy}-after` && now.get(path) === due,
  );
}
