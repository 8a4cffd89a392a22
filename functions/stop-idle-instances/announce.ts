import type { Aws } from '../../shared/aws/access.ts';
import { createTags, deleteTags } from '../../shared/aws/tagging/ec2-tags.ts';
import type { Written } from '../../shared/aws/tagging/target.ts';
import type { Surroundings, Tag } from '../../shared/engine/policy.ts';
import type { Instance } from './instance.ts';

/** Rights of what `announce` and `withdraw` call. */
export const announceRights = [createTags, deleteTags].flatMap(({ rights }) => rights);

/** Writes on an instance when it is going to be stopped; throws the AwsFailure, e.g. where it has 50 tags. */
export async function announce(
  instance: Instance,
  { key, value }: Tag,
  { aws }: Surroundings<Aws>,
): Promise<void> {
  unlessFailed(await createTags(aws, [instance], new Map([[key, value]])));
}

/** Takes that off again, where it still says so; throws the AwsFailure. */
export async function withdraw(
  instance: Instance,
  { key, value }: Tag,
  { aws }: Surroundings<Aws>,
): Promise<void> {
  unlessFailed(await deleteTags(aws, [instance], new Map([[key, value]])));
}

function unlessFailed(written: readonly Written[]): void {
  const failure = written.find((each) => each.failure !== undefined)?.failure;
  if (failure !== undefined) throw failure;
}
