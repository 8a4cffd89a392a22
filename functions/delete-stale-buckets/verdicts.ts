import type { Coming, Verdict } from '../../shared/engine/verdict.ts';
import type { Bucket } from './bucket.ts';
import { evidenceOf } from './evidence.ts';
import type { Facts } from './facts.ts';
import { day, type Stale } from './life.ts';
import { DELETE_AFTER, type Mark, type Marked, type Withdrawn } from './mark.ts';
import { monthlySaving } from './price.ts';
import type { Protection } from './protections.ts';
import { type BucketChange, keepsName, stopRuleChange, unmarkChange } from './remedy.ts';
import type { Settings } from './settings.ts';

/** In order: it is used, or not ours to judge. */
export function settled(bucket: Bucket, { code, reason }: Protection): Verdict<BucketChange> {
  return { verdict: 'compliant', reasonCode: code, reason: `${bucket.id} stays: ${reason}.`, evidence: [] };
}

/** Something that could speak for the bucket is not known: it stays. */
export function unknown(bucket: Bucket, reasonCode: string, why: string): Verdict<BucketChange> {
  const reason = `It cannot be told whether ${bucket.id} may go: ${why}.`;
  return { verdict: 'unknown', reasonCode, reason, evidence: [] };
}

/** Stale, and left alone for a good reason: told, so that a person can decide otherwise. */
export function spared(
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

/** Marked, and nothing to do yet. */
export function waiting(bucket: Bucket, mark: Marked, facts: Facts): Verdict<BucketChange> {
  const way = mark.emptyingSince === undefined ? 'is deleted after' : 'is being emptied by a rule since';
  const when = mark.emptyingSince ?? mark.due;
  return {
    verdict: 'exempt',
    reasonCode: mark.emptyingSince === undefined ? 'marked' : 'emptying',
    reason: `${bucket.id} is marked and ${way} ${day(when)}, unless it is used until then or somebody removes the tag reeve:delete-after.`,
    evidence: facts.signs === undefined ? [] : evidenceOf(bucket, facts, undefined, []),
    until: mark.due,
    coming: comingOf(bucket, mark),
  };
}

function comingOf({ id }: Bucket, { at, due }: Marked): Coming {
  return { summary: `Delete ${id}`, since: at, due, stop: `remove the tag ${DELETE_AFTER}` };
}

/** Somebody objected: left alone; where a rule of ours is at work, it is stopped. */
export function withdrawn(bucket: Bucket, mark: Withdrawn, settings: Settings): Verdict<BucketChange> {
  const until = new Date(mark.at.getTime() + settings.windowDays * 86_400_000);
  const objection = `somebody removed the tag reeve:delete-after`;
  if (mark.emptyingSince !== undefined) {
    return {
      verdict: 'violation',
      reasonCode: 'mark-cancelled',
      reason: `${bucket.id} is being emptied by a rule, and ${objection}.`,
      severity: 'high',
      evidence: [{ markedAt: mark.at.toISOString(), emptyingSince: mark.emptyingSince.toISOString() }],
      remedy: unmarkChange(bucket, settings, mark, objection),
      advice: ['A rule has been emptying it: look at what is left.'],
    };
  }
  return {
    verdict: 'exempt',
    reasonCode: 'withdrawn',
    reason: `${bucket.id} stays: ${objection}. It is not marked again before ${day(until)}.`,
    evidence: [],
    until,
  };
}

/** A rule of ours is at work, and its tags or the settings are not what they were when it was set: it is stopped. */
export function disputed(bucket: Bucket, settings: Settings, why: string, now: Date): Verdict<BucketChange> {
  return {
    verdict: 'violation',
    reasonCode: 'rule-disputed',
    reason: `${bucket.id} is being emptied by a rule of Reeve's, and ${why}.`,
    severity: 'high',
    evidence: [],
    remedy: stopRuleChange(bucket, settings, why, now),
    advice: ['A rule has been emptying it: look at what is left.'],
  };
}

/** What speaks for a bucket cancels its mark (B4.24); without a mark it is the verdict. */
export function cancelledOr(
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

/** Stale, unprotected, and the next step on its way. */
export function violation(
  bucket: Bucket,
  facts: Facts,
  settings: Settings,
  life: Stale,
  reasonCode: string,
  remedy: BucketChange,
  mark?: Marked,
): Verdict<BucketChange> {
  const archiveBucket = remedy.archive?.bucket ?? settings.archiveBucket;
  const archiveClass = remedy.archive?.storageClass ?? settings.archiveClass;
  const saving =
    facts.signs?.contents.state === 'read'
      ? monthlySaving(
          facts.signs.contents.value,
          bucket.region,
          archiveBucket === undefined ? undefined : archiveClass,
        )
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
      archiveBucket === undefined
        ? 'Deleted objects cannot be brought back.'
        : `Its objects are copied to ${archiveBucket} before, in ${archiveClass}; older versions are not kept.`,
      ...tombstone,
    ],
    monthlySaving: saving,
    ...(mark && { coming: comingOf(bucket, mark) }),
  };
}
