import { AwsFailure } from '../../errors.ts';
import type { Lookup } from './facts.ts';

/** What was read, or AWS's words for why it was not. */
export async function orWhy<T>(reading: Promise<T>): Promise<Lookup<T>> {
  try {
    return { value: await reading };
  } catch (error) {
    if (error instanceof AwsFailure) return { unknown: error.message };
    throw error;
  }
}
