import type { DBInstance } from '@aws-sdk/client-rds';
import { databasesById, listDatabases } from '../../../shared/aws/tagging/databases.ts';
import { tagResources, untagResources } from '../../../shared/aws/tagging/tagging-api.ts';
import { tagsFrom } from '../../../shared/aws/tagging/target.ts';
import { type ArnForm, knownByArn, nameIn, type TagType, type Told, told } from './row.ts';

const FORM: ArnForm = { service: 'rds', prefix: 'db:' };

/** RDS instances, which come with their tags. */
export const databaseType: TagType = {
  type: 'AWS::RDS::DBInstance',
  async *list(aws) {
    for await (const page of listDatabases(aws)) yield page.map(databaseFrom);
  },
  async read(aws, arns) {
    const names = arns.flatMap((arn) => nameIn(FORM, arn) ?? []);
    return (await databasesById(aws, names)).map(databaseFrom);
  },
  ...knownByArn(FORM),
  write: { set: tagResources, remove: untagResources },
  rights: {
    read: [...listDatabases.rights, ...databasesById.rights],
    write: [
      ...tagResources.rights,
      ...untagResources.rights,
      'rds:AddTagsToResource',
      'rds:RemoveTagsFromResource',
    ],
  },
};

function databaseFrom(one: DBInstance): Told {
  const { DBInstanceIdentifier: name, DBInstanceArn: arn = '', TagList, InstanceCreateTime: createdAt } = one;
  return told({ type: 'AWS::RDS::DBInstance', id: arn, arn, name, tags: tagsFrom(TagList), createdAt });
}
