import type { Run } from './context.ts';
import { agreementText, type Exemption, endedLately, isInDoubt, parseExemption } from './exemption-value.ts';
import { matchesGlob } from './glob.ts';
import type { GuardSettings } from './ports.ts';
import { protectedBy } from './protect.ts';
import type { Place } from './signal.ts';
import type { Change, Resource, Tags } from './verdict.ts';
import { brief } from './words.ts';

/** The exemption that a resource carries, checked for form and, where the settings ask for it, for who set it (B6.8). */
export async function exemptionOf<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  resource: Resource,
  place: Place,
): Promise<Exemption | undefined> {
  const { tag, setBy } = run.guard.exemption;
  const exemption = writtenExemption(resource.tags, run.guard.exemption, run.ports.now());
  if (setBy.length === 0 || exemption === undefined) return exemption;
  if (exemption.state === 'expired') return await withSetter(run, resource, place, exemption);
  if (exemption.state !== 'valid') return exemption;

  let setter: string | undefined;
  try {
    setter = await run.ports.whoTagged(resource, tag, place);
  } catch (error) {
    return { state: 'doubtful', problem: `who set it could not be read (${brief(error)})` };
  }
  if (setter === undefined) return { state: 'doubtful', problem: 'it cannot be told who set it' };
  return setBy.some((pattern) => matchesGlob(pattern, setter))
    ? { ...exemption, setter }
    : { state: 'doubtful', problem: `${setter} may not set exemptions` };
}

/** What the tags say of an exemption, whoever wrote them; undefined where they say nothing. */
export function writtenExemption(
  tags: Tags,
  rules: GuardSettings['exemption'],
  now: Date,
): Exemption | undefined {
  const value = tags.get(rules.tag);
  return value === undefined ? misspelt(tags, rules.tag) : parseExemption(value, now, rules);
}

/** The setter of one that ended only decides whether its end is told beforehand. */
async function withSetter<A, S, R extends Resource, F, C extends Change>(
  { guard, ports }: Run<A, S, R, F, C>,
  resource: Resource,
  place: Place,
  exemption: Exemption,
): Promise<Exemption> {
  const { tag, setBy, noticeMs } = guard.exemption;
  if (noticeMs === undefined || !endedLately(exemption, ports.now())) return exemption;
  try {
    const setter = await ports.whoTagged(resource, tag, place);
    const isAllowed = setter !== undefined && setBy.some((pattern) => matchesGlob(pattern, setter));
    return isAllowed ? { ...exemption, setter } : exemption;
  } catch (error) {
    ports.log.warn('Who set an exemption could not be read', { id: resource.id, error });
    return exemption;
  }
}

/** To AWS keys that differ in case, or in how an accent is encoded, are different; who wrote one meant the exemption. */
function misspelt(tags: Tags, tag: string): Exemption | undefined {
  const meant = alike(tag);
  const found = [...tags.keys()].find((key) => alike(key) === meant);
  return found === undefined ? undefined : { state: 'malformed', problem: `its key is written "${found}"` };
}

/**
 * What keeps Reeve from a resource that was judged with other tags: a protecting tag, or another exemption than then,
 * whatever that is worth (B6.21). Needs no call, so it is asked with the last reading before a change.
 */
export function keptSince(
  { protect, exemption: { tag } }: Pick<GuardSettings, 'protect' | 'exemption'>,
  judged: Resource,
  now: Tags,
): string | undefined {
  const meant = alike(tag);
  const said = (tags: Tags) => JSON.stringify([...tags].filter(([key]) => alike(key) === meant).sort());
  if (said(now) !== said(judged.tags)) return 'Its exemption was changed meanwhile.';
  return protectedBy({ ...judged, tags: now }, protect);
}

function alike(key: string): string {
  return key.normalize('NFKC').toLowerCase().replace(/\s/g, '');
}

/** An exemption that is not in order shields from destruction, but never keeps a door open (B6.7, B6.8, B3.45). */
export function rulingOf<A, S, R extends Resource, F, C extends Change>(
  { guard, policy }: Run<A, S, R, F, C>,
  exemption: Exemption,
): { protects: boolean; note: string } {
  if (!isInDoubt(exemption)) {
    const note = `Its exemption (${agreementText(exemption)}) expired on ${exemption.until.toISOString()}.`;
    return { protects: false, note };
  }
  const protects = policy.kind !== 'security';
  const effect = protects ? 'so it is left alone until the tag is put right' : 'so it is not honoured';
  return {
    protects,
    note: `The exemption in tag ${guard.exemption.tag} is not in order: ${exemption.problem}; ${effect}.`,
  };
}
