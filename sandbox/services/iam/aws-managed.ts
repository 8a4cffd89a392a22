import { parsePolicy } from '../../iam/document.ts';
import type { ManagedPolicy } from './store.ts';

/** The AWS managed policies that the sandbox knows, with AWS's own documents (ReadOnlyAccess in short form). */
const DOCUMENTS: Readonly<Record<string, { readonly id: string; readonly actions: readonly string[] }>> = {
  AdministratorAccess: { id: 'ANPAIWMBCKSKIEE64ZLYK', actions: ['*'] },
  ReadOnlyAccess: {
    id: 'ANPAILL3HVNFSB6DCOWYQ',
    actions: [
      ...[
        'cloudwatch:Describe*',
        'cloudwatch:Get*',
        'cloudwatch:List*',
        'dynamodb:BatchGet*',
        'dynamodb:Describe*',
      ],
      ...['dynamodb:Get*', 'dynamodb:List*', 'dynamodb:Query', 'dynamodb:Scan', 'ec2:Describe*', 'ec2:Get*'],
      ...['events:Describe*', 'events:List*', 'iam:Get*', 'iam:List*', 'lambda:Get*', 'lambda:List*'],
      ...[
        'scheduler:Get*',
        'scheduler:List*',
        'sns:Get*',
        'sns:List*',
        'sqs:Get*',
        'sqs:List*',
        'sqs:Receive*',
      ],
      ...['ssm:Describe*', 'ssm:Get*', 'ssm:List*', 'sts:Get*'],
    ],
  },
  'service-role/AWSLambdaBasicExecutionRole': {
    id: 'ANPAJNCQGXC42545SKXIK',
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  },
};

const byPartition = new Map<string, ReadonlyMap<string, ManagedPolicy>>();

/** AWS managed policies by ARN. */
export function awsManagedPolicies(partition: string): ReadonlyMap<string, ManagedPolicy> {
  const known = byPartition.get(partition);
  if (known) return known;
  const made = new Map(
    Object.entries(DOCUMENTS).map(([pathAndName, { id, actions }]) => {
      const arn = `arn:${partition}:iam::aws:policy/${pathAndName}`;
      return [arn, managed(arn, pathAndName, id, actions)] as const;
    }),
  );
  byPartition.set(partition, made);
  return made;
}

function managed(arn: string, pathAndName: string, id: string, actions: readonly string[]): ManagedPolicy {
  const name = pathAndName.slice(pathAndName.lastIndexOf('/') + 1);
  const text = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions.length === 1 ? actions[0] : actions, Resource: '*' }],
  });
  const createdAt = new Date('2015-02-06T18:39:46Z');
  const path = `/${pathAndName.slice(0, -name.length)}`;
  return { name, path, arn, id, createdAt, policy: { text, document: parsePolicy(text, 'identity') } };
}
