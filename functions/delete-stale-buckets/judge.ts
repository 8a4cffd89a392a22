import type { Verdict } from '../../shared/engine/verdict.ts';
import type { Bucket } from './bucket.ts';
import { digestOf } from './digest.ts';
import { evidenceOf } from './evidence.ts';
import type { Facts } from './facts.ts';
import { day, type Life, lifeOf } from './life.ts';
import { isDue, type Mark, markOf } from './mark.ts';
import { monthlyCost } from './price.ts';
import { type Protection, protections } from './protections.ts';
import { type BucketChange, endChange, isGiant, keepsName, markChange, unmarkChange } from './remedy.ts';
import type { Settings } from './settings.ts';
import { shieldOf } from './shield.ts';

type Marked = Mark & { readonly state: 'marked' };
type Stale = Life & { readonly state: 'stale' };

/**
 * A bucket without any sign of life is marked, waits, is looked at again, and goes; one that is protected by anything,
 * or about which anything that could protect it is not known, stays. Pure.
 */
export function judge(bucket: Bucket, facts: Facts, settings: Settings, now: Date): Verdict<BucketChange> {
  const mark = markOf(bucket.tags, settings.waitDays);
  const shield = shieldOf(bucket, settings);
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
  const change = endChange(bucket, facts, settings, life, mark);
  return violation(bucket, facts, settings, life, 'stale-bucket-due', change);
}

/** A mark of the last minutes: nothing can have come to light since, so nothing is read again. */
const SETTLING_MS = 10 * 60_000;

export function isFresh(mark: Mark, now: Date): mark is Marked {
  if (mark.state !== 'marked') return false;
  const age = now.getTime() - mark.at.getTime();
  return age >= 0 && age < SETTLING_MS;
}

/** Somebody took the date away; that holds as long as a window. */
export function isObjection(
  mark: Mark,
  { windowDays }: Settings,
  now: Date,
): mark is Mark & { state: 'withdrawn' } {
  return mark.state === 'withdrawn' && now.getTime() - mark.at.getTime() < windowDays * 86_400_000;
}

/** The rule runs once a day; as long as it has millions before it, calls of ours would only be in its way. */
function isStillEmptying(facts: Facts, settings: Settings, mark: Marked): boolean {
  return mark.emptyingSince !== undefined && isGiant(facts, settings);
}

function settled(bucket: Bucket, { code, reason }: Protection): Verdict<BucketChange> {
  return { verdict: 'compliant', reasonCode: code, reason: `${bucket.id} stays: ${reason}.`, evidence: [] };
}

function unknown(bucket: Bucket, reasonCode: string, why: string): Verdict<BucketChange> {
  const reason = `It cannot be told whether ${bucket.id} may go: ${why}.`;
  return { verdict: 'unknown', reasonCode, reason, evidence: [] };
}

/** Stale, and left alone for a good reason: told, so that a person can decide otherwise. */
function spared(
  bucket: Bucket,
  facts: Facts,
  life: Stale,
  against: readonly Protection[],
  why: string,
): Verdict<BucketChange> {
  return {
    verdict: 'exempt',
    reasonCode: against.find(({ certain }) => certain)?.code ?? 'protected',
    reason: `${bucket.id} shows no sign of life since ${day(life.last)}, but stays: ${why}.`,
    evidence: evidenceOf(bucket, facts, life, against),
    until: undefined,
  };
}

function waiting(bucket: Bucket, mark: Marked, facts: Facts): Verdict<BucketChange> {
  const way = mark.emptyingSince === undefined ? 'is deleted after' : 'is being emptied by a rule since';
  const when = mark.emptyingSince ?? mark.due;
  return {
    verdict: 'exempt',
    reasonCode: mark.emptyingSince === undefined ? 'marked' : 'emptying',
    reason: `${bucket.id} is marked and ${way} ${day(when)}, unless it is used until then or somebody removes the tag reeve:delete-after.`,
    evidence: facts.signs === undefined ? [] : evidenceOf(bucket, facts, undefined, []),
    until: mark.due,
  };
}

function withdrawn(bucket: Bucket, { at }: { readonly at: Date }, settings: Settings): Verdict<BucketChange> {
  const until = new Date(at.getTime() + settings.windowDays * 86_400_000);
  return {
    verdict: 'exempt',
    reasonCode: 'withdrawn',
    reason: `${bucket.id} stays: somebody removed the tag reeve:delete-after. It is not marked again before ${day(until)}.`,
    evidence: [],
    until,
  };
}

/** What speaks for a bucket cancels its mark (B4.24); without a mark it is the verdict. */
function cancelledOr(
  bucket: Bucket,
  settings: Settings,
  mark: Mark,
  why: string,
  otherwise: Verdict<BucketChange>,
): Verdict<BucketChange> {
  if (mark.state !== 'marked') return otherwise;
  const halfway = mark.emptyingSince !== undefined;
  return {
    verdict: 'violation',
    reasonCode: 'mark-cancelled',
    reason: `${bucket.id} is marked for deletion, which no longer holds: ${why}.`,
    severity: halfway ? 'high' : 'low',
    evidence: [...otherwise.evidence, { markedAt: mark.at.toISOString(), due: mark.due.toISOString() }],
    remedy: unmarkChange(bucket, settings, mark, why),
    advice: halfway ? ['A rule has been emptying it: look at what is left.'] : [],
  };
}

function violation(
  bucket: Bucket,
  facts: Facts,
  settings: Settings,
  life: Stale,
  reasonCode: string,
  remedy: BucketChange,
): Verdict<BucketChange> {
  const cost =
    facts.signs?.contents.state === 'read'
      ? monthlyCost(facts.signs.contents.value, bucket.region)
      : 'unknown';
  const tombstone = keepsName(bucket, facts, settings)
    ? ['Its name may still be referred to, so the emptied bucket is kept and shut.']
    : ['Once it is gone, anybody may take its name: remove what still refers to it.'];
  return {
    verdict: 'violation',
    reasonCode,
    reason: `${bucket.id} shows no sign of life since ${day(life.last)}: all known ones are older than ${life.days} days; ${life.access}.`,
    severity: 'low',
    evidence: evidenceOf(bucket, facts, life, []),
    remedy,
    advice: [
      `To keep it, remove the tag reeve:delete-after or set an exemption before it is due.`,
      'Deleted objects cannot be brought back.',
      ...tombstone,
    ],
    monthlySaving: cost,
  };
}
