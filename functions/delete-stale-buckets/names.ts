import { matchesGlob } from '../../shared/engine/glob.ts';
import type { Settings } from './settings.ts';

/**
 * Names that tools and services give to buckets they come back to, long after the last write (B4.18, B4.22). In lower
 * case.
 */
export const PROTECTED_NAMES: readonly string[] = [
  'cdk-*-assets-*',
  'cdktoolkit-*',
  '*serverlessdeploymentbucket*',
  'aws-sam-cli-*',
  'cf-templates-*',
  'elasticbeanstalk-*',
  'codepipeline-*',
  'amplify-*',
  'aws-glue-*',
  'sagemaker-*',
  'aws-athena-query-results-*',
  'aws-waf-logs-*',
  'aws-cloudtrail-logs-*',
  'config-bucket-*',
  '*terraform*state*',
  '*tfstate*',
  '*backup*',
];

/**
 * The pattern that protects this name, if one does. The oldest buckets of us-east-1 may have capitals in their names
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html): they protect as well, but a name that
 * is let go is meant as it is written.
 */
export function protectingPattern(
  name: string,
  { protectNames, unprotectNames }: Pick<Settings, 'protectNames' | 'unprotectNames'>,
): string | undefined {
  const covers = (glob: string) => matchesGlob(glob.toLowerCase(), name.toLowerCase());
  const own = protectNames.find(covers);
  if (own !== undefined || unprotectNames.some((glob) => matchesGlob(glob, name))) return own;
  return PROTECTED_NAMES.find(covers);
}

/** Directory, table and vector buckets have APIs of their own and are not looked at (B4.44). */
export function otherKindOf(name: string): string | undefined {
  if (/--x-s3$/.test(name)) return 'a directory bucket';
  if (/--table-s3$/.test(name)) return 'a table bucket';
  return undefined;
}

/** A name that only this account can ever have in this region: nobody can take it over (B4.46). */
export function isAccountRegional(name: string, account: string, region: string): boolean {
  return name.endsWith(`-${account}-${region}-an`);
}
