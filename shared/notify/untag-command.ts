import { plain } from './escape.ts';

/** As many resources as one call of UntagResources takes. */
const MOST_RESOURCES = 20;

/**
 * The commands of the AWS CLI that take a tag off resources, for a person's own credentials: one for each region and
 * 20 resources (https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_UntagResources.html).
 */
export function untagCommands(
  bearers: readonly { readonly arn: string; readonly region: string }[],
  key: string,
): readonly string[] {
  return [...Map.groupBy(bearers, ({ region }) => region)].flatMap(([region, there]) =>
    Array.from({ length: Math.ceil(there.length / MOST_RESOURCES) }, (_, index) => {
      const part = there.slice(index * MOST_RESOURCES, (index + 1) * MOST_RESOURCES);
      const arns = part.map(({ arn }) => word(arn)).join(' ');
      return `aws resourcegroupstaggingapi untag-resources --region ${word(region)} --tag-keys ${word(key)} --resource-arn-list ${arns}`;
    }),
  );
}

/** One word of a shell, whatever is in it. */
function word(text: string): string {
  const shown = plain(text, 2000);
  return /^[\w:/.@-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", String.raw`'\''`)}'`;
}
