/** What an exemption tag says. `malformed` and `doubtful` carry a sentence about what is wrong. */
export type Exemption =
  | (Agreement & { readonly state: 'valid' | 'expired' })
  | { readonly state: 'malformed' | 'doubtful'; readonly problem: string };

/** By strangers' words: escaped wherever it is shown. */
export interface Agreement {
  readonly reason: string;
  /** Who answers for it; undefined where the tag names nobody. */
  readonly owner: string | undefined;
  readonly until: Date;
  /** ARN of the principal who set it, where that was asked for. */
  readonly setter?: string;
}

/** What the settings ask of the value. */
export interface ExemptionRules {
  /** Longest time ahead, days. */
  readonly maxDays: number;
  readonly requireOwner?: boolean;
}

const day = 86_400_000;
const example = '"TICKET-123 until 2026-12-31"';
const ownedExample = '"TICKET-123 by ana@example.com until 2026-12-31"';

/**
 * Read the value of an exemption tag: `TICKET-123 by ana@example.com until 2026-12-31`, or in any order
 * `reason=TICKET-123 owner=ana@example.com until=2026-12-31` (also with `;` between, which most services refuse in a
 * tag: https://docs.aws.amazon.com/tag-editor/latest/userguide/reference.html). A date without zone means the end of
 * that day in UTC. At most `maxDays` ahead (B6.7). The owner may be left out, unless it is required.
 */
export function parseExemption(
  value: string,
  now: Date,
  { maxDays, requireOwner = false }: ExemptionRules,
): Exemption {
  const { reason, owner, date, twice } = partsOf(value.slice(0, 256));
  if (twice !== undefined) return malformed(`it says "${twice}=" twice`);
  if (!isSaying(reason)) return malformed(`it names no reason; write ${example}`);
  const until = endOf(date);
  if (!until) return malformed(`it names no date that can be read; write ${example}`);
  const agreement = { reason, owner: isSaying(owner) ? owner : undefined, until };
  if (until < now) return { state: 'expired', ...agreement };
  if (until.getTime() > endOfDay(now) + maxDays * day)
    return malformed(`it runs longer than the ${maxDays} days allowed`);
  if (requireOwner && agreement.owner === undefined)
    return malformed(`it names no owner; write ${ownedExample}`);
  return { state: 'valid', ...agreement };
}

function malformed(problem: string): Exemption {
  return { state: 'malformed', problem };
}

function isSaying(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

interface Parts {
  readonly reason: string;
  readonly owner: string;
  readonly date: string;
  /** A key that stands there twice: which of the two counts nobody can know. */
  readonly twice: string | undefined;
}

/** The keyed parts wherever they stand; else the words before `by` and `until` at the end. */
function partsOf(value: string): Parts {
  const sentence = /(?:^|[\s;])until\s+([^\s;]+)(?:\s+by\s+(\S+))?[\s;]*$/i.exec(value);
  const { lead, keyed, twice } = keyedIn(sentence ? value.slice(0, sentence.index) : value);
  const written = [lead, keyed.get('reason') ?? ''].filter((part) => part !== '').join(' ');
  const date = sentence?.[1] ?? keyed.get('until') ?? '';
  const named = /^(.*\S)\s+by\s+(\S+)$/i.exec(written);
  const owned = keyed.has('owner') || sentence?.[2] !== undefined ? undefined : named;
  return {
    reason: owned?.[1] ?? written,
    owner: keyed.get('owner') ?? sentence?.[2] ?? owned?.[2] ?? '',
    date,
    twice: twice ?? (sentence && keyed.has('until') ? 'until' : undefined),
  };
}

function keyedIn(text: string): { lead: string; keyed: ReadonlyMap<string, string>; twice?: string } {
  const found = [...text.matchAll(/(?:^|[\s;])(reason|owner|until)=/gi)];
  const keyed = new Map<string, string>();
  for (const [index, match] of found.entries()) {
    const key = (match[1] ?? '').toLowerCase();
    const lead = trimmed(text.slice(0, found[0]?.index));
    if (keyed.has(key)) return { lead, keyed, twice: key };
    keyed.set(key, trimmed(text.slice(match.index + match[0].length, found[index + 1]?.index)));
  }
  return { lead: trimmed(text.slice(0, found[0]?.index)), keyed };
}

function trimmed(text: string): string {
  return text.replace(/^[\s;]+|[\s;]+$/g, '');
}

function endOf(text: string): Date | undefined {
  const found = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2})?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  const [, date, time, zone] = found ?? [];
  if (date === undefined || (zone !== undefined && time === undefined)) return undefined;
  const midnight = new Date(`${date}T00:00:00Z`);
  // The 30th of February would silently become the 1st or 2nd of March.
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(date)) return undefined;
  const until = zone === undefined ? new Date(endOfDay(midnight)) : new Date(`${date}${time}${zone}`);
  return Number.isNaN(until.getTime()) ? undefined : until;
}

function endOfDay(date: Date): number {
  return Math.floor(date.getTime() / day) * day + day - 1;
}

/** Not in order: a person has to put the tag right. */
export function isInDoubt(
  exemption: Exemption,
): exemption is Extract<Exemption, { readonly problem: string }> {
  return exemption.state === 'malformed' || exemption.state === 'doubtful';
}

/** An exemption that ended longer ago gives no more time: a tag left behind must not slow a policy down for ever. */
const LATELY_MS = 30 * day;

/** It ended so lately that people may not know yet. */
export function endedLately(exemption: Exemption, now: Date): exemption is Agreement & { state: 'expired' } {
  return exemption.state === 'expired' && now.getTime() - exemption.until.getTime() <= LATELY_MS;
}

/** What an exemption's owner is told before it ends; undefined while that is far off. */
export function remindText(
  { until }: Agreement,
  { remindMs = 0 }: { readonly remindMs?: number },
  remedy: { readonly summary: string } | undefined,
  now: Date,
): string | undefined {
  if (until.getTime() - now.getTime() > remindMs) return undefined;
  const then = remedy === undefined ? 'it is out of policy again' : `it is due again: ${remedy.summary}`;
  return `Its exemption ends on ${until.toISOString()}; from then on ${then}.`;
}

/** `T-1`, or `T-1, of ana@example.com`. */
export function agreementText({ reason, owner }: Agreement): string {
  return owner === undefined ? reason : `${reason}, of ${owner}`;
}
