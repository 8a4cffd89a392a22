import type { Aws } from '../../shared/aws/access.ts';
import { launchedById } from '../../shared/aws/ec2/instances.ts';
import { startInstances, stopInstances } from '../../shared/aws/ec2/power.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import type { Acted, Surroundings } from '../../shared/engine/policy.ts';
import type { Json } from '../../shared/engine/verdict.ts';
import { Field } from '../../shared/events/fields.ts';
import { failureOf } from './failure.ts';

/** Between looks at an instance that is starting: it may fall back to stopped, e.g. for a disabled key (B1.54). */
const WAITS_MS = [5000, 10_000, 20_000];

/** Starts what was stopped, or stops what was started, if it is still as it was left. */
export async function undo(before: Json, { aws, sleep }: Surroundings<Aws>): Promise<Acted> {
  const journaled = new Field(before, 'before');
  const id = journaled.at('instanceId').text('an instance id');
  const stoppedByUs = journaled.at('state').text('a state') === 'running';
  try {
    const { state, launchTime } = await look(aws, id);
    if (state === undefined || state === 'terminated' || state === 'shutting-down') {
      return { result: 'gone', reason: `${id} was terminated.` };
    }
    return stoppedByUs
      ? await startAgain(aws, sleep, id, state, launchTime, journaled.at('launchTime').optionalText())
      : await stopAgain(aws, id, state);
  } catch (error) {
    if (error instanceof AwsFailure) return failureOf(error, true);
    throw error;
  }
}

async function startAgain(
  aws: Aws,
  sleep: Surroundings<Aws>['sleep'],
  id: string,
  state: string,
  launchTime: Date | undefined,
  launched: string | undefined,
): Promise<Acted> {
  if (state === 'running' || state === 'pending') return { result: 'gone', reason: `${id} runs already.` };
  if (launched !== undefined && launchTime?.toISOString() !== launched) {
    const reason = `${id} was started and stopped by somebody else since, so it is left as it is.`;
    return { result: 'left', code: 'changed', reason };
  }
  const { $metadata } = await startInstances(aws, [id]);
  for (const wait of WAITS_MS) {
    await sleep(wait);
    const seen = await look(aws, id);
    if (seen.state === 'pending') continue;
    if (seen.state === 'running') break;
    const why = seen.why ?? 'EC2 does not say why';
    return { result: 'failed', code: 'start-failed', reason: `${id} fell back to ${seen.state}: ${why}.` };
  }
  return { result: 'done', after: { instanceId: id, state: 'running' }, requestId: $metadata.requestId };
}

async function stopAgain(aws: Aws, id: string, state: string): Promise<Acted> {
  if (state !== 'running') return { result: 'gone', reason: `${id} is ${state} already.` };
  const { $metadata } = await stopInstances(aws, [id], false);
  return { result: 'done', after: { instanceId: id, state: 'stopping' }, requestId: $metadata.requestId };
}

async function look(aws: Aws, id: string) {
  const [told] = await launchedById(aws, [id]);
  const { State, LaunchTime: launchTime, StateReason } = told?.instance ?? {};
  return { state: State?.Name, launchTime, why: StateReason?.Message };
}
