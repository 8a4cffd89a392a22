import type { Aws } from '../../shared/aws/access.ts';
import { launchedById, listInstances } from '../../shared/aws/ec2/instances.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { matchesGlob } from '../../shared/engine/glob.ts';
import type { Found, Missing, Surroundings } from '../../shared/engine/policy.ts';
import type { ResourceRef, Signal } from '../../shared/engine/signal.ts';
import { Field } from '../../shared/events/fields.ts';
import { resolveAlarms } from './alarms.ts';
import { instanceFrom } from './from-ec2.ts';
import type { Instance } from './instance.ts';
import type { Settings } from './settings.ts';

/** Rights of everything that `find` calls. */
export const findRights = [...listInstances.rights, ...launchedById.rights, ...resolveAlarms.rights];

/** Instances gathered for at once: facts about many cost as many calls as facts about few. */
const AT_ONCE = 10_000;

const INSTANCE_ID = /^i-([0-9a-f]{8}|[0-9a-f]{17})$/;

/** What was launched this recently may not be visible everywhere yet (B1.4). */
const SETTLING_MS = 5 * 60_000;

/** The instances that a signal points at, or all of them, in their current state. */
export async function* find(
  signal: Signal,
  settings: Settings,
  around: Surroundings<Aws>,
): AsyncGenerator<Found<Instance>> {
  const { aws, place } = around;
  if (signal.scope.kind === 'resources') {
    yield await findNamed(signal, signal.scope.resources, settings, around);
    return;
  }
  let held: Instance[] = [];
  for await (const page of listInstances(aws)) {
    held.push(...page.map(({ instance, launch }) => instanceFrom(instance, launch, place)));
    if (held.length < AT_ONCE) continue;
    yield { resources: held, missing: [] };
    held = [];
  }
  yield { resources: held, missing: [] };
}

async function findNamed(
  signal: Signal,
  named: readonly ResourceRef[],
  settings: Settings,
  { aws, place, now }: Surroundings<Aws>,
): Promise<Found<Instance>> {
  const stranger = strangeAlarm(signal, settings);
  if (stranger !== undefined)
    return { resources: [], missing: named.map((ref) => unresolved(ref, stranger)) };

  const alarms = named.filter(({ type }) => type === 'AWS::CloudWatch::Alarm');
  const resolved = await resolveAlarms(aws, alarms);
  const refs = [...named.filter(({ type }) => type === 'AWS::EC2::Instance'), ...resolved.instances];
  // An id of another form is somebody's typing error, and no reason to ask AWS (B1.5).
  const sound = refs.filter(({ id }) => INSTANCE_ID.test(id));
  const odd = refs.filter(({ id }) => !INSTANCE_ID.test(id));
  const others = named.filter(({ type }) => !['AWS::CloudWatch::Alarm', 'AWS::EC2::Instance'].includes(type));

  const read = await readInstances(aws, sound);
  if (typeof read === 'string') {
    const missing = sound.map((ref): Missing => ({ ref, why: 'unreadable', reason: read }));
    return { resources: [], missing: [...resolved.missing, ...missing] };
  }
  const found = new Set(read.map(({ instance }) => instance.InstanceId));
  const fresh = now().getTime() - signal.time.getTime() < SETTLING_MS && signal.cause.kind === 'state-change';
  const gone = sound.filter(({ id }) => !found.has(id));
  return {
    resources: read.map(({ instance, launch }) => {
      const hint = sound.find(({ id }) => id === instance.InstanceId)?.hint;
      return instanceFrom(instance, launch, place, alarmAction(hint));
    }),
    missing: [
      ...resolved.missing,
      ...odd.map((ref) => unresolved(ref, 'It is not the id of an instance.')),
      ...others.map((ref) => unresolved(ref, `${ref.type} is nothing that this policy looks at.`)),
      ...gone.map(
        (ref): Missing =>
          fresh
            ? { ref, why: 'not-visible', reason: 'It is not visible yet.' }
            : { ref, why: 'gone', reason: 'It does not exist (any more).' },
      ),
    ],
  };
}

/** Alarms of others may mean anything: only those that the settings name are listened to (B1.67). */
function strangeAlarm({ cause }: Signal, { alarms }: Settings): string | undefined {
  if (cause.kind !== 'alarm' || alarms.some((glob) => matchesGlob(glob, cause.name))) return undefined;
  return `The alarm ${cause.name} is not among those that the settings name (${alarms.join(', ')}).`;
}

async function readInstances(aws: Aws, refs: readonly ResourceRef[]) {
  if (refs.length === 0) return [];
  try {
    return await launchedById(
      aws,
      refs.map(({ id }) => id),
    );
  } catch (error) {
    if (error instanceof AwsFailure) return error.message;
    throw error;
  }
}

/** What the alarm that pointed here does to the instance itself: a reboot or recovery is no stop (B1.68). */
function alarmAction(hint: unknown): string | undefined {
  const action = new Field(hint, 'hint').at('ec2Action').optionalText();
  return action === 'stop' || action === 'terminate' ? action : undefined;
}

function unresolved(ref: ResourceRef, reason: string): Missing {
  return { ref, why: 'unresolved', reason };
}
