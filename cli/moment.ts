import { BadInput } from './exit.ts';

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** A span as people write it, `90m`, `12h`, `7d`, `2w`, in milliseconds; BadInput for anything else. */
export function spanOf(option: string, text: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,4})([mhdw])$/.exec(text) ?? [];
  const ms = Number(amount) * (UNITS[unit] ?? 0);
  if (ms > 0) return ms;
  throw new BadInput(`${option}: expected a span, e.g. 90m, 12h, 7d or 2w, got ${JSON.stringify(text)}`);
}

/** A moment: a span before now, or ISO 8601 in UTC (`2026-11-21`, `2026-11-21T08:00:00Z`); BadInput otherwise. */
export function momentOf(option: string, text: string, now: Date): Date {
  if (/^\d{1,4}[mhdw]$/.test(text)) return new Date(now.getTime() - spanOf(option, text));
  const written = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const at = new Date(written ? text : Number.NaN);
  if (!Number.isNaN(at.getTime())) return at;
  throw new BadInput(
    `${option}: expected a span (90m, 12h, 7d, 2w) or a time in ISO 8601 (2026-11-21T08:00:00Z), got ${JSON.stringify(text)}`,
  );
}
