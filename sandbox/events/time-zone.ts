const formats = new Map<string, Intl.DateTimeFormat>();

/** Is this a time zone of the IANA database? */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** What clocks on the wall show at that moment, written as if it were UTC (epoch ms). */
export function wallTime(epochMs: number, zone: string): number {
  if (zone === 'UTC') return epochMs;
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(epochMs)
      .map(({ type, value }) => [type, value]),
  );
  const { year, month, day, hour, minute, second } = parts;
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}

/**
 * The moment at which clocks on the wall show `wall`: the first one when they are put back, none when they are put
 * forward over it (EventBridge Scheduler runs a schedule once in the first case and skips it in the second).
 */
export function momentOf(wall: number, zone: string): number | undefined {
  const day = 86_400_000;
  const offsets = [wall - day, wall + day].map((near) => wallTime(near, zone) - near);
  const moments = offsets.map((offset) => wall - offset).filter((moment) => wallTime(moment, zone) === wall);
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  formats.set(zone, format);
  return format;
}
