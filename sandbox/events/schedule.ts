import { type NextTime, parseCron } from './cron.ts';

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Reads `rate(…)` or `cron(…)`; a rate counts from `start` (epoch ms). Throws an Error that says what is wrong. */
export function parseSchedule(expression: string, start: number, zone = 'UTC'): NextTime {
  const [, kind, body = ''] = /^(rate|cron)\((.*)\)$/.exec(expression) ?? [];
  if (kind === 'cron') return parseCron(body, zone);
  if (kind !== 'rate') throw new Error('a schedule is rate(…) or cron(…)');
  const every = rateMs(body);
  return (after) => start + every * Math.max(0, Math.floor((after - start) / every) + 1);
}

/** `1 hour`, `5 minutes`: the unit agrees with the number. */
function rateMs(body: string): number {
  const [, value = '', unit = '', plural = ''] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(body) ?? [];
  const length = UNITS[unit];
  if (length === undefined) throw new Error('a rate is a positive number and minutes, hours or days');
  if ((value === '1') === (plural === 's'))
    throw new Error(`write "${value} ${unit}${value === '1' ? '' : 's'}"`);
  return Number(value) * length;
}
