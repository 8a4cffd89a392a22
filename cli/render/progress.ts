import type { RemedyProgress } from '../../shared/engine/policy.ts';
import { plain } from '../../shared/notify/escape.ts';

/** `delete-stale-buckets  photos  12,000 versions gone, 3,100 a second, about 2 minutes left` */
export function progressText(
  policy: string,
  { resource, unit, done, perSecond, secondsLeft }: RemedyProgress,
): string {
  const rate = `${count(perSecond)} a second`;
  const left = secondsLeft === undefined ? '' : `, about ${span(secondsLeft)} left`;
  return `${policy}  ${plain(resource, 63)}  ${count(done)} ${unit} gone, ${rate}${left}`;
}

function count(amount: number): string {
  return Math.round(amount).toLocaleString('en-US');
}

function span(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}
