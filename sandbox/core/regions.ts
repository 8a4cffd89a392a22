type OptIn = 'opt-in-not-required' | 'opted-in' | 'not-opted-in';

const PARTITIONS: Readonly<Record<string, { readonly enabled: string; readonly optional: string }>> = {
  aws: {
    enabled:
      'ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 ' +
      'eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2',
    optional:
      'af-south-1 ap-east-1 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-7 ca-west-1 ' +
      'eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1 mx-central-1',
  },
  'aws-cn': { enabled: 'cn-north-1 cn-northwest-1', optional: '' },
  'aws-us-gov': { enabled: 'us-gov-east-1 us-gov-west-1', optional: '' },
  'aws-eusc': { enabled: 'eusc-de-east-1', optional: '' },
};

const HOMES: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-eusc': 'eusc-de-east-1',
};

/** Where a partition's global services keep their state and send their events. */
export function homeRegion(partition: string): string {
  return HOMES[partition] ?? 'us-east-1';
}

/**
 * The regions of an account and whether they are open to it. Named regions that would need opting in are opted in; the
 * rest of the partition's list keeps AWS's default.
 */
export function regionsOf(partition: string, wanted: readonly string[]): Map<string, OptIn> {
  const listed = PARTITIONS[partition];
  if (!listed) throw new Error(`The sandbox does not know the partition ${partition}.`);
  const regions = new Map<string, OptIn>();
  for (const name of listed.enabled.split(' ')) regions.set(name, 'opt-in-not-required');
  for (const name of listed.optional.split(' ').filter(Boolean)) regions.set(name, 'not-opted-in');
  for (const name of wanted) {
    if (regions.get(name) !== 'opt-in-not-required') regions.set(name, 'opted-in');
  }
  return regions;
}
