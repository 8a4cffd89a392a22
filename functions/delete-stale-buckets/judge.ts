import type { Verdict } from '../../shared/engine/verdict.ts';
import type { Bucket } from './bucket.ts';
import { digestOf } from './digest.ts';
import type { Facts } from './facts.ts';
import { lifeOf, type Stale } from './life.ts';
import { EMPTYING, isDisputed, isDue, type Mark, type Marked, markOf, type Withdrawn } from './mark.ts';
import { protections } from './protections.ts';
import { type BucketChange, endChange, isGiant, markChange } from './remedy.ts';
import type { Settings } from './settings.ts';
import { shieldOf } from './shield.ts';
import {
  cancelledOr,
  disputed,
  settled,
  spared,
  unknown,
  violation,
  waiting,
  withdrawn,
} from './verdicts.ts';

/**
 * A bucket without any sign of life is marked, waits, is looked at again, and goes; one that is protected by anything,
 * or about which anything that could protect it is not known, stays. Pure.
 */
export function judge(bucket: Bucket, facts: Facts, settings: Settings, now: Date): Verdict<BucketChange> {
  const mark = markOf(bucket.tags, settings.waitDays);
  const shield = shieldOf(bucket, settings);
  const lostRule = facts.ourRule === true && !bucket.tags.has(EMPTYING);
  if (lostRule || isDisputed(bucket.tags)) {
    return disputed(bucket, settings, 'somebody changed or took off its tags since', now);
  }
  if (bucket.tags.has(EMPTYING) && settings.giantObjects === undefined) {
    return disputed(bucket, settings, 'the settings (giantObjects) no longer ask for that', now);
  }
  if (shield?.certain === false) return unknown(bucket, shield.code, shield.reason);
  if (shield !== undefined)
    return cancelledOr(bucket, settings, mark, shield.reason, settled(bucket, shield));
  if (mark.state === 'unclear') return unknown(bucket, 'mark-unclear', mark.why);
  if (isFresh(mark, now)) return waiting(bucket, mark, facts);
  if (isObjection(mark, settings, now)) return withdrawn(bucket, mark, settings);

  const life = lifeOf(bucket, facts, mark, settings, now);
  if (life.state === 'alive') {
    const inUse = { code: 'in-use', reason: life.reason, certain: true };
    return cancelledOr(bucket, settings, mark, life.reason, settled(bucket, inUse));
  }
  if (life.state === 'unknown') return unknown(bucket, 'life-unknown', life.reason);
  return judgeStale(bucket, facts, settings, now, mark, life);
}

function judgeStale(
  bucket: Bucket,
  facts: Facts,
  settings: Settings,
  now: Date,
  mark: Mark,
  life: Stale,
): Verdict<BucketChange> {
  const against = protections(bucket, facts, settings, isDue(mark, now));
  const certain = against.filter((one) => one.certain);
  if (certain.length > 0) {
    const why = certain.map(({ reason }) => reason).join('; ');
    return cancelledOr(bucket, settings, mark, why, spared(bucket, facts, life, against, why));
  }
  const [unread] = against;
  if (unread !== undefined) {
    return unknown(bucket, unread.code, against.map(({ reason }) => reason).join('; '));
  }
  const digest = digestOf(facts.configuration);
  if (mark.state !== 'marked') {
    return violation(
      bucket,
      facts,
      settings,
      life,
      'stale-bucket',
      markChange(bucket, facts, settings, digest, now),
    );
  }
  if (mark.digest !== digest) {
    const why = 'its policy or another of its settings changed since it was marked';
    return cancelledOr(
      bucket,
      settings,
      mark,
      why,
      settled(bucket, { code: 'changed', reason: why, certain: true }),
    );
  }
  if (!isDue(mark, now)) return waiting(bucket, mark, facts);
  if (isStillEmptying(facts, settings, mark)) return waiting(bucket, mark, facts);
  if (facts.begun?.state === 'unreadable') return unknown(bucket, 'archive-unclear', facts.begun.why);
  const change = endChange(bucket, facts, settings, life, mark, now);
  return violation(bucket, facts, settings, life, 'stale-bucket-due', change, mark);
}

/** A mark of the last minutes: nothing can have come to light since, so nothing is read again. */
const SETTLING_MS = 10 * 60_000;

export function isFresh(mark: Mark, now: Date): mark is Marked {
  if (mark.state !== 'marked') return false;
  const age = now.getTime() - mark.at.getTime();
  return age >= 0 && age < SETTLING_MS;
}

/** Somebody took the date away; that holds as long as a window. */
export function isObjection(mark: Mark, { windowDays }: Settings, now: Date): mark is Withdrawn {
  return mark.state === 'withdrawn' && now.getTime() - mark.at.getTime() < windowDays * 86_400_000;
}

/** The rule runs once a day; as long as it has millions before it, calls of ours would only be in its way. */
function isStillEmptying(facts: Facts, settings: Settings, mark: Marked): boolean {
  return mark.emptyingSince !== undefined && isGiant(facts, settings);
}
