/** Where a bucket's server access logs go, and how their keys begin. */
export interface LogTarget {
  readonly bucket: string;
  /** The beginning of the keys of one day. */
  prefixOf(day: Date): string;
}

/**
 * The target out of GetBucketLogging's answer; undefined where nothing is logged. Keys are `PREFIX2026-11-21-…`, or
 * partitioned by account, region, bucket and date.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
 */
export function logTarget(
  logging: { readonly [key: string]: unknown },
  source: { readonly account: string; readonly region: string; readonly bucket: string },
): LogTarget | undefined {
  const { LoggingEnabled: enabled } = logging;
  const bucket = textIn(enabled, 'TargetBucket');
  if (bucket === undefined) return undefined;
  const prefix = textIn(enabled, 'TargetPrefix') ?? '';
  const format = memberIn(enabled, 'TargetObjectKeyFormat');
  const isPartitioned = memberIn(format, 'PartitionedPrefix') !== undefined;
  const path = `${prefix}${source.account}/${source.region}/${source.bucket}/`;
  return {
    bucket,
    prefixOf: (day) => {
      const date = day.toISOString().slice(0, 10);
      return isPartitioned ? `${path}${date.replaceAll('-', '/')}/` : `${prefix}${date}`;
    },
  };
}

/** Operations on objects that somebody has to want; not deletions, lifecycle, listings and settings, ours among them. */
const USE =
  /^(REST|SOAP|WEBSITE)\.((GET|HEAD|PUT|POST|COPY|SELECT|RESTORE)\.(OBJECT|OBJECT_GET|PART|PART_GET)|POST\.UPLOADS?)$/;

/** `OWNER BUCKET [06/Feb/2026:00:00:38 +0000] IP REQUESTER ID OPERATION …`: what follows was written by strangers. */
const LINE = /^\S+ (\S+) \[(\d{2})\/(\w{3})\/(\d{4}):(\d{2}:\d{2}:\d{2}) \+0000\] \S+ \S+ \S+ (\S+) /;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * When an object of this bucket was last asked for or written by these log lines, other than by Reeve's own copying to
 * an archive; undefined where no line shows that. A line that cannot be read counts as a use now: nobody knows.
 */
export function lastUseIn(text: string, bucket: string, now: Date): Date | undefined {
  let last: Date | undefined;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [, of, day, month = '', year, time, operation = ''] = LINE.exec(line) ?? [];
    const number = MONTHS.indexOf(month);
    const at =
      of === undefined || number < 0
        ? now
        : new Date(`${year}-${String(number + 1).padStart(2, '0')}-${day}T${time}Z`);
    if (of !== undefined && (of !== bucket || !USE.test(operation) || isOwnCopy(operation, line))) continue;
    if (last === undefined || at > last) last = at;
  }
  return last;
}

/** By the user agent, which anybody may write: so only for the one thing that Reeve itself does with objects. */
function isOwnCopy(operation: string, line: string): boolean {
  return operation === 'REST.COPY.OBJECT_GET' && /"[^"]*\breeve\/\d[^"]*"/.test(line);
}

function memberIn(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, key)?.value
    : undefined;
}

function textIn(value: unknown, key: string): string | undefined {
  const text = memberIn(value, key);
  return typeof text === 'string' ? text : undefined;
}
