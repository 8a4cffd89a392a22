import type { Signal } from '../../shared/engine/signal.ts';
import { Field } from '../../shared/events/fields.ts';

/** What the record of a creating call says, for as long as the call is fresh: never a reason to act. */
export interface Announced {
  /** The tags that the call itself asked for (B2.12). */
  readonly requested: readonly (readonly [key: string, value: string])[];
}

/** The calls that make something, so that whoever called is its creator. */
export const CREATIONS: readonly string[] = [
  'RunInstances',
  'CreateFleet',
  'CreateVolume',
  'CreateSnapshot',
  'CreateSnapshots',
  'CopySnapshot',
  'CreateImage',
  'CopyImage',
  'RegisterImage',
  'CreateSecurityGroup',
  'CreateNetworkInterface',
  'AllocateAddress',
  'CreateNatGateway',
  'CreateVpc',
  'CreateSubnet',
  'CreateAutoScalingGroup',
  'CreateBucket',
  'CreateDBInstance',
  'CreateFunction20150331',
  'CreateTopic',
  'CreateQueue',
  'CreateTable',
  'CreateLogGroup',
  'CreateLoadBalancer',
];

/** Whether a signal, or what it carries on, tells of something new. */
export function isCreation({ cause }: Signal): boolean {
  return (cause.kind === 'api-call' || cause.kind === 'continuation') && CREATIONS.includes(cause.name);
}

/** The tags that the event's record announces; none from a queue, where hints do not travel. */
export function announcedBy(hint: unknown): Announced | undefined {
  const requested = new Field(hint, 'hint').at('requested');
  if (requested.isMissing()) return undefined;
  const pairs = requested.entries().map((pair) => pair.entries().map(({ value }) => value));
  return {
    requested: pairs.flatMap(([key, value]) =>
      typeof key === 'string' && typeof value === 'string' ? [[key, value] as const] : [],
    ),
  };
}
