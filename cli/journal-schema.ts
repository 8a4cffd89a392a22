import { z } from 'zod';
import type { Line } from './journal-lines.ts';

/** JSON turned the dates into text. */
const date = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const text = z.string();
const place = { partition: text, account: text, region: text };
const resource = z.looseObject({ type: text, id: text, arn: text, name: text.optional() });

const intent = z.looseObject({
  ...place,
  id: text,
  run: text,
  policy: text,
  resource,
  fingerprint: text,
  repeatKey: text.optional(),
  action: text,
  summary: text,
  parameters: z.record(text, z.json()),
  before: z.json(),
  evidence: z.array(z.json()).optional(),
  undo: text,
  reasonCode: text,
  reason: text,
  signalId: text,
  cause: z.looseObject({ kind: text, name: text }),
  actor: z.looseObject({ name: text, arn: text.optional() }).optional(),
  at: date,
  leaseUntil: date,
  undoes: text.optional(),
  exemptUntil: date.optional(),
});

const outcome = z.looseObject({
  result: z.enum(['done', 'gone', 'failed']),
  code: text,
  reason: text,
  after: z.json(),
  at: date,
});

const mark = z.looseObject({
  ...place,
  id: text,
  policy: text,
  resource,
  finding: text,
  since: date,
  due: date,
  told: z.boolean(),
  notice: z.literal(true).optional(),
  lapsed: z.enum(['report-mode', 'no-grace']).optional(),
});

const scan = z.object({
  scanned: z.number().int().nonnegative(),
  fewer: z.object({ since: date, paged: date }).optional(),
  regime: z.enum(['report', 'enforce', 'grace']).optional(),
  accepted: z.object({ at: date, by: text, instead: z.number() }).optional(),
});

const line = z.union([
  z.object({ intent }),
  z.object({ id: text, outcome }),
  z.object({ seen: text, at: date }),
  z.object({ told: z.array(text) }),
  z.object({ taken: z.array(text), window: text }),
  z.object({ mark }),
  z.object({ unmarked: text, why: text, at: date }),
  z.object({ scans: text, places: z.array(z.tuple([text, scan])) }),
]);

/** One whole line of a journal; undefined where it is none, whoever wrote it. */
export function parseLine(written: string): Line | undefined {
  try {
    const parsed = line.safeParse(JSON.parse(written));
    // What the schema leaves open, such as the kind of a cause, is only shown.
    return parsed.success ? (parsed.data as Line) : undefined;
  } catch {
    return undefined;
  }
}
