import type { Aws } from '../../shared/aws/access.ts';
import { launchedById } from '../../shared/aws/ec2/instances.ts';
import { startInstances, stopInstances } from '../../shared/aws/ec2/power.ts';
import type { JournalEntry } from '../../shared/engine/journal.ts';
import type { Surroundings } from '../../shared/engine/policy.ts';
import type { Standing, WayBack } from '../../shared/engine/way-back.ts';
import { Field } from '../../shared/events/fields.ts';
import { undo } from './undo.ts';

/** What was stopped is started, and what was started is stopped. */
export const wayBack: WayBack<Aws> = {
  policy: 'stop-idle-instances',
  kind: 'cost',
  standing,
  undo: ({ before }, around) => undo(before, around),
  rights: [launchedById, startInstances, stopInstances].flatMap(({ rights }) => rights),
};

/** EC2 tells launches by the second, and its clock is not ours. */
const CLOCKS_MS = 10_000;

/** Every start makes a launch of its own: the same launch, stopped, is our very stop. */
async function standing(entry: JournalEntry, { aws }: Surroundings<Aws>): Promise<Standing> {
  const journaled = new Field(entry.before, 'before');
  const id = journaled.at('instanceId').text('an instance id');
  const [told] = await launchedById(aws, [id]);
  const { State, LaunchTime: launchTime } = told?.instance ?? {};
  const state = State?.Name;
  if (state === undefined || state === 'terminated' || state === 'shutting-down')
    return { state: 'gone', reason: `${id} was terminated.` };
  const launched = `launched ${launchTime?.toISOString() ?? 'at an unknown time'}`;
  if (journaled.at('state').text('a state') === 'running') {
    if (state === 'running' || state === 'pending')
      return { state: 'as-before', reason: `${id} runs (${launched}).` };
    if (state === 'stopping') return changed(`${id} is still stopping: try again in a minute`);
    const was = journaled.at('launchTime').optionalText();
    return was !== undefined && launchTime?.toISOString() === was
      ? { state: 'ours', will: [`Start ${id}.`] }
      : changed(`${id} was started and stopped by somebody else since (${launched})`);
  }
  if (state !== 'running' && state !== 'pending') return { state: 'as-before', reason: `${id} is ${state}.` };
  return isOurLaunch(entry, launchTime)
    ? { state: 'ours', will: [`Stop ${id}.`] }
    : changed(`${id} was started anew by somebody else since (${launched})`);
}

function isOurLaunch({ at, outcome }: JournalEntry, launchTime: Date | undefined): boolean {
  const launched = launchTime?.getTime() ?? 0;
  const end = outcome?.at.getTime() ?? Number.POSITIVE_INFINITY;
  return launched >= at.getTime() - CLOCKS_MS && launched <= end + CLOCKS_MS;
}

function changed(difference: string): Standing {
  return { state: 'changed', differs: [difference] };
}
