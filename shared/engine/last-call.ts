import { createHash } from 'node:crypto';
import type { Remediable, Run } from './context.ts';
import { type Exemption, endedLately } from './exemption-value.ts';
import { settle, skip } from './guard.ts';
import { haltedBy } from './kill-switch.ts';
import { type Mark, rule } from './mark.ts';
import { UNREADABLE } from './marking.ts';
import type { Result } from './outcome.ts';
import { inParallel } from './parallel.ts';
import { markFor } from './promise.ts';
import type { Change, Resource } from './verdict.ts';
import { brief } from './words.ts';

/**
 * Parts what may be changed now from what was exempt until lately: that is told first, and changed only when the time
 * after the message is over (B6.7). Once for each exemption; where a grace is given anyway, that is the notice.
 */
export async function byNotice<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  found: readonly Remediable<A, R, C>[],
): Promise<{ readonly noticed: readonly Remediable<A, R, C>[]; readonly held: readonly Result[] }> {
  const ended = run.grace === undefined ? found.filter((target) => needsNotice(run, target)) : [];
  if (ended.length === 0) return { noticed: found, held: [] };
  const others = found.filter((target) => !ended.includes(target));
  let open: readonly Mark[];
  try {
    open = await run.ports.journal.marks.open(run.policy.name);
  } catch (error) {
    run.ports.log.error('Whose exemption ended could not be read', { error });
    return { noticed: others, held: ended.map((each) => settle(each, UNREADABLE)) };
  }
  const marks = new Map(open.map((mark) => [mark.resource.arn, mark]));
  const halted = await haltedBy(run.ports);
  const held = await inParallel(ended, run.limits.parallel, (target) =>
    holdBack(run, target, marks.get(target.resource.arn), halted),
  );
  const over = ended.filter((_, index) => held[index] === undefined);
  return { noticed: [...others, ...over], held: held.filter((each) => each !== undefined) };
}

/** Whoever may not exempt may not gain time by a tag that says that it ended either. */
function needsNotice<A, S, R extends Resource, F, C extends Change>(
  { guard, ports }: Run<A, S, R, F, C>,
  { exemption }: Remediable<A, R, C>,
): boolean {
  const { noticeMs, setBy } = guard.exemption;
  if (noticeMs === undefined || exemption === undefined || !endedLately(exemption, ports.now())) return false;
  return setBy.length === 0 || exemption.setter !== undefined;
}

/** Undefined: people were told, and their time is over. */
async function holdBack<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  target: Remediable<A, R, C>,
  mark: Mark | undefined,
  halted: string | undefined,
): Promise<Result | undefined> {
  const { ports, notices } = run;
  const { arn } = target.resource;
  const ruling = rule(mark, exemptionKey(target.exemption), ports.now(), notices.ms);
  if (ruling.state === 'over') return undefined;
  if (ruling.state === 'waiting') {
    if (!ruling.mark.told) notices.promised.set(arn, ruling.mark);
    return settle(target, waiting(target, ruling.due));
  }
  if (halted !== undefined) return settle(target, skip('kill-switch', `${halted} So it was only reported.`));
  const fresh = markFor(run, target, notices.ms, ruling.instead);
  const ours: Mark = { ...fresh, finding: exemptionKey(target.exemption), notice: true };
  try {
    if (!(await ports.journal.marks.put(ours, ruling.instead)))
      return settle(target, skip('in-progress', 'Another run tells that its exemption ended.'));
  } catch (error) {
    const reason = `Nothing was changed, because the journal could not be used: ${brief(error)}.`;
    return settle(target, { outcome: 'failed', code: 'journal-unavailable', reason });
  }
  notices.promised.set(arn, ours);
  return settle(target, waiting(target, ours.due));
}

function waiting<A, R extends Resource, C extends Change>(
  { verdict }: Remediable<A, R, C>,
  due: Date,
): Result['outcome'] {
  const reason = `${verdict.remedy.summary}: not before ${due.toISOString()}, because its exemption has only just ended.`;
  return { outcome: 'queued', code: 'exemption-ended', reason, due };
}

/** Another text of the tag is another exemption. */
function exemptionKey(exemption: Exemption | undefined): string {
  const text = JSON.stringify(['exemption', exemption]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
