import type { Tag as InputTag, TagSpecification } from '@aws-sdk/client-ec2';
import { AwsError } from '../../core/errors.ts';
import { invalidValue } from './refuse.ts';
import type { Tag } from './state.ts';

const MAX_TAGS = 50;

/** Tags of a request, checked as EC2 checks them: key up to 127 characters, value up to 256, no `aws:` prefix. */
export function checkedTags(tags: readonly InputTag[] | undefined, byAws = false): readonly Tag[] {
  const checked = (tags ?? []).map(({ Key, Value }) => ({ Key: checkedKey(Key, byAws), Value: Value ?? '' }));
  const keys = new Set<string>();
  for (const { Key, Value } of checked) {
    if (keys.has(Key)) throw invalidValue(`Duplicate tag key '${Key}' specified.`);
    keys.add(Key);
    if ([...Value].length > 256) {
      throw invalidValue(`Tag value exceeds the maximum length of 256 characters for key '${Key}'`);
    }
  }
  return checked;
}

/** A tag key that a user may write; AWS's own services also write keys that begin with `aws:`. */
export function checkedKey(key: string | undefined, byAws = false): string {
  if (!key) throw invalidValue('Tag key cannot be null or empty');
  if ([...key].length > 127)
    throw invalidValue(`Tag key exceeds the maximum length of 127 characters: '${key}'`);
  if (!byAws && /^aws:/i.test(key))
    throw invalidValue("Tag keys starting with 'aws:' are reserved for internal use");
  return key;
}

/** `old` with `added` written over it; tags of AWS's own do not count towards the limit of 50. */
export function withTags(old: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  const merged = new Map([...old, ...added].map((tag) => [tag.Key, tag]));
  const own = [...merged.values()].filter((tag) => !tag.Key.startsWith('aws:'));
  if (own.length > MAX_TAGS) {
    throw new AwsError('TagLimitExceeded', 'The maximum number of Tags for a resource has been reached.');
  }
  return [...merged.values()];
}

/** The tags that a create request gives to one type of resource; other types are refused unless `allowed` names them. */
export function tagsFor(
  specifications: readonly TagSpecification[] | undefined,
  type: string,
  allowed: readonly string[] = [type],
  byAws = false,
): readonly Tag[] {
  for (const { ResourceType } of specifications ?? []) {
    if (!ResourceType || !allowed.includes(ResourceType)) {
      throw invalidValue(`'${ResourceType}' is not a valid taggable resource type for this operation.`);
    }
  }
  const chosen = (specifications ?? []).filter((specification) => specification.ResourceType === type);
  return withTags(
    [],
    checkedTags(
      chosen.flatMap((specification) => specification.Tags ?? []),
      byAws,
    ),
  );
}
