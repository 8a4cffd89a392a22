import type { Aws } from '../../shared/aws/access.ts';
import { isStopProtected } from '../../shared/aws/ec2/instance-details.ts';
import { launchedById } from '../../shared/aws/ec2/instances.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { inParallel } from '../../shared/engine/parallel.ts';
import type { Acted, Doing, Surroundings } from '../../shared/engine/policy.ts';
import { failureOf } from './failure.ts';
import { instanceFrom } from './from-ec2.ts';
import type { Instance } from './instance.ts';
import type { Power } from './remedy.ts';

const AT_ONCE = 10;

export type Todo = Doing<Instance, Power>;
export type Outcomes = Map<string, Acted>;

/** Somebody may have logged in, tagged or started it since: what is not as it was judged is left (B1.46). */
export async function lastLook(
  todo: readonly Todo[],
  { aws, place }: Surroundings<Aws>,
  outcomes: Outcomes,
): Promise<readonly Todo[]> {
  let now: ReadonlyMap<string, Instance>;
  try {
    const told = await launchedById(
      aws,
      todo.map(({ resource }) => resource.id),
    );
    const instances = told.map(({ instance, launch }) => instanceFrom(instance, launch, place));
    now = new Map(instances.map((one) => [one.id, one]));
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    for (const { resource } of todo) outcomes.set(resource.id, failureOf(error, false));
    return [];
  }
  return todo.filter(({ resource }) => {
    const acted = changeSince(resource, now.get(resource.id));
    if (acted !== undefined) outcomes.set(resource.id, acted);
    return acted === undefined;
  });
}

function changeSince(planned: Instance, now: Instance | undefined): Acted | undefined {
  if (now === undefined) return { result: 'gone', reason: 'It does not exist any more.' };
  if (now.state !== planned.state) {
    return { result: 'gone', reason: `It is ${now.state} by now; somebody else did that.` };
  }
  const left = (reason: string): Acted => ({ result: 'left', code: 'changed', reason });
  if (now.launchTime?.getTime() !== planned.launchTime?.getTime())
    return left('It was started again meanwhile.');
  const same =
    now.tags.size === planned.tags.size &&
    [...now.tags].every(([key, value]) => planned.tags.get(key) === value);
  return same ? undefined : left('Its tags were changed meanwhile, so that it has to be judged again.');
}

/** A protected one would keep all others of its zone from being stopped too, so it goes first (B1.27, B1.48). */
export async function withoutProtected(
  stops: readonly Todo[],
  { aws }: Surroundings<Aws>,
  outcomes: Outcomes,
): Promise<readonly Todo[]> {
  const free = await inParallel(stops, AT_ONCE, async ({ change, resource: { id } }) => {
    if (change.unprotected) return true;
    try {
      if (!(await isStopProtected(aws, id))) return true;
      const reason = 'Its stop protection (DisableApiStop) is on, and stays on.';
      outcomes.set(id, { result: 'left', code: 'protected', reason });
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      outcomes.set(id, failureOf(error, false));
    }
    return false;
  });
  return stops.filter((_, index) => free[index] === true);
}
