import type { Signal } from '../../shared/engine/signal.ts';
import type { CallTable } from '../../shared/events/api-call.ts';
import { Field } from '../../shared/events/fields.ts';
import type { Own, Reading, RecordReading } from '../../shared/events/reading.ts';

/** Where the tests' function runs: a minute after most of the sample events happened. */
export const own: Own = {
  account: '111122223333',
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T09:13:44Z'),
  requestId: 'request-1',
};

/** A small call table as a policy would bring one. */
export const calls: CallTable = {
  AuthorizeSecurityGroupIngress: ({ request }) => [group(at(request, 'groupId'))],
  ModifySecurityGroupRules: ({ request }) => [
    group(at(request, 'ModifySecurityGroupRulesRequest', 'GroupId')),
  ],
  RunInstances: ({ request }) => groups(request),
  ModifyNetworkInterfaceAttribute: ({ request }) => groups(request),
  ModifyInstanceAttribute: ({ request }) => groups(request),
  ModifyManagedPrefixList: ({ request }) => [
    {
      type: 'AWS::EC2::PrefixList',
      id: at(request, 'ModifyManagedPrefixListRequest', 'PrefixListId').text(),
    },
  ],
};

function at(request: unknown, ...keys: readonly string[]): Field {
  return new Field(request, 'detail.requestParameters').at(...keys);
}

function group(id: Field): { type: string; id: string } {
  return { type: 'AWS::EC2::SecurityGroup', id: id.text('a security group id') };
}

function groups(request: unknown): readonly { type: string; id: string }[] {
  return at(request, 'groupSet', 'items')
    .entries()
    .map((item) => group(item.at('groupId')));
}

/** A reading in lines that a person can check. */
export function linesOf(reading: Reading | RecordReading): readonly string[] {
  switch (reading.kind) {
    case 'unhandled':
      return [`unhandled: ${reading.why}`];
    case 'malformed':
      return [`malformed: ${reading.error.message}`];
    case 'signals':
      return [...reading.signals.map(lineOf), ...reading.ignored.map((why) => `ignored: ${why}`)];
    case 'batch':
      return reading.records.flatMap((record) => linesOf(record.reading));
  }
}

function lineOf({ cause, actor, account, region, scope, delivery }: Signal): string {
  const who = actor ? ` by ${actor.name}` : '';
  const what =
    scope.kind === 'sweep' ? 'sweep' : scope.resources.map(({ type, id }) => `${type} ${id}`).join(', ');
  return `${delivery} ${cause.kind} ${cause.name}${who} in ${account} ${region}: ${what}`;
}
