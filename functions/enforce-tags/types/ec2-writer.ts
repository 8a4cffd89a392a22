import { createTags, deleteTags } from '../../../shared/aws/tagging/ec2-tags.ts';
import type { TagWriter } from './row.ts';

/** How the tags of everything in EC2 are written: many resources in one call. */
export const ec2Writer: TagWriter & { readonly rights: readonly string[] } = {
  set: createTags,
  remove: deleteTags,
  rights: [...createTags.rights, ...deleteTags.rights],
};
