import type { ReservedInstances } from '@aws-sdk/client-ec2';
import type { Instance } from './instance.ts';

/**
 * Whether Reserved Instances of the account pay for machines like this one: those of a region for every size of the
 * family, those of a zone for one type (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/apply_ri.html). Pure.
 */
export function isReserved(
  { instanceType, zone, platform }: Pick<Instance, 'instanceType' | 'zone' | 'platform'>,
  reserved: readonly Pick<
    ReservedInstances,
    'InstanceType' | 'Scope' | 'AvailabilityZone' | 'ProductDescription'
  >[],
): boolean {
  return reserved.some((one) => {
    // `Linux/UNIX (Amazon VPC)` is the same as `Linux/UNIX`.
    if (platform !== undefined && !one.ProductDescription?.startsWith(platform)) return false;
    if (one.Scope === 'Availability Zone') {
      return one.InstanceType === instanceType && one.AvailabilityZone === zone;
    }
    return familyOf(one.InstanceType) === familyOf(instanceType);
  });
}

function familyOf(type = ''): string {
  return type.split('.', 1)[0] ?? '';
}
