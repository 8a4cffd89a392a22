import type { Bucket } from './bucket.ts';
import { TOMBSTONE } from './mark.ts';
import { protectingPattern } from './names.ts';
import type { Protection } from './protections.ts';
import type { Settings } from './settings.ts';

/** What settles a bucket by its name and tags alone, so that nothing else has to be read; undefined: look further. */
export function shieldOf(bucket: Bucket, settings: Settings): Protection | undefined {
  if (bucket.tagsUnread !== undefined) {
    const reason = `its tags could not be read (${bucket.tagsUnread}), so nobody knows what they ask for`;
    return { code: 'tags-unreadable', reason, certain: false };
  }
  if (bucket.tags.has(TOMBSTONE)) {
    const reason = 'it is kept empty so that nobody else can take its name';
    return { code: 'tombstone', reason, certain: true };
  }
  if (bucket.id === settings.archiveBucket) {
    return { code: 'archive', reason: 'it is the archive that the settings name', certain: true };
  }
  if (settings.logBuckets.includes(bucket.id)) {
    return {
      code: 'access-logs',
      reason: 'the settings name it as one that access logs go to',
      certain: true,
    };
  }
  const pattern = protectingPattern(bucket.id, settings);
  if (pattern !== undefined) {
    return { code: 'protected-name', reason: `its name matches ${pattern}`, certain: true };
  }
  return ofStack(bucket);
}

/** Only AWS itself sets `aws:` tags: a stack or a service made the bucket and has to end it (B4.21). */
function ofStack({ tags }: Bucket): Protection | undefined {
  const stack = tags.get('aws:cloudformation:stack-name') ?? tags.get('aws:cloudformation:stack-id');
  if (stack !== undefined) {
    const reason = `it belongs to the stack ${stack}: delete the stack instead`;
    return { code: 'stack', reason, certain: true };
  }
  const other = [...tags.keys()].find((key) => /^aws:/i.test(key));
  if (other === undefined) return undefined;
  return { code: 'aws-managed', reason: `an AWS service made it (tag ${other})`, certain: true };
}
