import type { JournalEntry } from '../../shared/engine/journal.ts';
import type { Shown } from '../../shared/engine/policy.ts';
import type { Change } from '../../shared/engine/verdict.ts';
import { Field } from '../../shared/events/fields.ts';
import type { Instance } from './instance.ts';

/** Stop one instance, or start one that the office hours stopped. */
export interface Power extends Change {
  readonly action: 'stop-instances' | 'start-instances';
  readonly instanceId: string;
  readonly hibernate: boolean;
  /** Its stop protection was read with its other facts, and is off; otherwise it has to be read before acting. */
  readonly unprotected: boolean;
}

/** A start makes a launch of its own, so a stop is the same only for the same launch. */
export function launchOf({ id, launchTime }: Pick<Instance, 'id' | 'launchTime'>): string {
  return `${id} launched ${launchTime?.toISOString() ?? 'at an unknown time'}`;
}

export function stopping(instance: Instance, unprotected: boolean): Power {
  const { id, hibernates: hibernate, publicIp, elasticIp } = instance;
  const verb = hibernate ? 'Hibernate' : 'Stop';
  return {
    action: 'stop-instances',
    summary: `${verb} ${called(instance)}`,
    // A hibernation that fails ends as an ordinary stop (B1.26).
    past: `stopped ${called(instance)}`,
    fingerprint: launchOf(instance),
    repeatKey: id,
    before: {
      instanceId: id,
      state: instance.state,
      launchTime: instance.launchTime?.toISOString() ?? null,
      // A public address that is not an elastic one does not come back (B1.55).
      publicIp: publicIp ?? null,
      elasticIp,
    },
    undo: `Start ${id}.`,
    parameters: { instanceIds: [id], hibernate },
    instanceId: id,
    hibernate,
    unprotected,
  };
}

export function starting(instance: Instance): Power {
  const { id } = instance;
  return {
    action: 'start-instances',
    summary: `Start ${called(instance)}`,
    past: `started ${called(instance)}`,
    fingerprint: `start after: ${launchOf(instance)}`,
    // Of its own: whoever takes a start back keeps nothing running.
    repeatKey: `start ${id}`,
    before: { instanceId: id, state: instance.state, stoppedAt: instance.stoppedAt?.toISOString() ?? null },
    undo: `Stop ${id}.`,
    parameters: { instanceIds: [id] },
    agreed: true,
    instanceId: id,
    hibernate: false,
    unprotected: true,
  };
}

/** Whether it is as the change left it: every start makes a launch of its own, every stop a moment of its own. */
export function shows(instance: Instance, { before }: Pick<JournalEntry, 'before'>): Shown {
  const was = new Field(before, 'before');
  const stop = was.at('state').text('a state') === 'running';
  const runs = instance.state === 'running' || instance.state === 'pending';
  if (!stop && runs) return 'done';
  const [now, then] = stop
    ? [instance.launchTime, was.at('launchTime').optionalText()]
    : [instance.stoppedAt, was.at('stoppedAt').optionalText()];
  if (now === undefined || now.toISOString() !== then) return 'neither';
  return stop === runs ? 'not-done' : 'done';
}

/** `i-1 (build)` */
export function called({ id, name }: Pick<Instance, 'id' | 'name'>): string {
  return name === undefined ? id : `${id} (${name})`;
}
