import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Aws } from '../../../shared/aws/access.ts';
import type { Intent } from '../../../shared/engine/journal.ts';
import { HOME } from './fixture.ts';

/** The table as the stack makes it (serverless.yml). */
export async function createJournal(aws: Aws, name = 'journal'): Promise<void> {
  const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
  const index = (IndexName: string, ...KeySchema: ReturnType<typeof key>[]) => ({
    IndexName,
    KeySchema,
    Projection: { ProjectionType: 'KEYS_ONLY' as const },
  });
  await aws.send(
    DynamoDBClient,
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'run', 'day', 'at', 'id'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
      GlobalSecondaryIndexes: [
        index('by-run', key('run', 'HASH'), key('at', 'RANGE')),
        index('by-day', key('day', 'HASH'), key('at', 'RANGE')),
        index('by-id', key('id', 'HASH')),
      ],
    }),
  );
}

export const AT = new Date('2026-11-20T12:00:00Z');

export function minutesAfter(minutes: number): Date {
  return new Date(AT.getTime() + minutes * 60_000);
}

/** A change of one security group, begun at `AT`. */
export function intentFor(id: string, own: Partial<Intent> = {}): Intent {
  const at = own.at ?? AT;
  return {
    ...HOME,
    id,
    run: 'run-1',
    policy: 'revoke-open-ssh',
    resource: {
      type: 'AWS::EC2::SecurityGroup',
      id: `sg-${id}`,
      arn: `arn:aws:ec2:eu-west-1:111122223333:security-group/sg-${id}`,
      name: undefined,
    },
    fingerprint: `sgr-${id}`,
    action: 'revoke-ingress',
    summary: `Revoke tcp 22 from 0.0.0.0/0 (sgr-${id})`,
    parameters: {},
    before: { groupId: `sg-${id}`, rules: [] },
    undo: `Authorize again on sg-${id}: tcp 22 from 0.0.0.0/0.`,
    reasonCode: 'ssh-open-to-world',
    reason: 'SSH is open to the world.',
    signalId: 'event-1',
    cause: { kind: 'api-call', name: 'AuthorizeSecurityGroupIngress' },
    actor: undefined,
    at,
    leaseUntil: new Date(at.getTime() + 60_000),
    ...own,
  };
}

/** The undo of an entry, as it is begun. */
export function undoOf(entry: Intent, own: Partial<Intent> = {}): Intent {
  return {
    ...entry,
    id: `undo-of-${entry.id}`,
    run: 'undo-run',
    action: 'undo',
    fingerprint: `undo ${entry.id}`,
    undoes: entry.id,
    exemptUntil: minutesAfter(1440),
    ...own,
  };
}
