import type { IpPermission } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import { combination } from '../refuse.ts';

/** The two ways in which a request can name rules by their properties. */
export interface PermissionForms {
  readonly IpPermissions?: readonly IpPermission[] | undefined;
  readonly CidrIp?: string | undefined;
  readonly FromPort?: number | undefined;
  readonly ToPort?: number | undefined;
  readonly IpProtocol?: string | undefined;
  readonly SourceSecurityGroupName?: string | undefined;
  readonly SourceSecurityGroupOwnerId?: string | undefined;
}

/** The members of the flat form: one rule, without IpPermissions. */
export const FLAT = [
  'CidrIp',
  'FromPort',
  'ToPort',
  'IpProtocol',
  'SourceSecurityGroupName',
  'SourceSecurityGroupOwnerId',
] as const;

/** Full TCP, UDP and ICMP: what naming a source group alone stands for. */
const EVERY_PORT = [
  { IpProtocol: 'tcp', FromPort: 0, ToPort: 65535 },
  { IpProtocol: 'udp', FromPort: 0, ToPort: 65535 },
  { IpProtocol: 'icmp', FromPort: -1, ToPort: -1 },
];

/** The request's permissions, whichever form it used; the forms exclude each other. */
export function requestedPermissions(input: PermissionForms): readonly IpPermission[] {
  const { CidrIp, FromPort, ToPort, IpProtocol, SourceSecurityGroupName: source } = input;
  const flat = { CidrIp, FromPort, ToPort, IpProtocol, SourceSecurityGroupName: source };
  const given = Object.entries(flat).find(([, value]) => value !== undefined)?.[0];
  if (input.IpPermissions && input.IpPermissions.length > 0) {
    if (given) throw combination('IpPermissions', given);
    return input.IpPermissions;
  }
  if (!given) return [];
  if (source !== undefined) {
    const other = given === 'SourceSecurityGroupName' ? undefined : given;
    if (other) throw combination('SourceSecurityGroupName', other);
    const pair = { GroupName: source, UserId: input.SourceSecurityGroupOwnerId };
    return EVERY_PORT.map((ports) => ({ ...ports, UserIdGroupPairs: [pair] }));
  }
  if (CidrIp === undefined) {
    throw missingSource();
  }
  return [{ IpProtocol, FromPort, ToPort, IpRanges: [{ CidrIp }] }];
}

/** A rule must say whom it lets in. */
export function missingSource(): AwsError {
  const message = 'Missing source specification: include source security group or CIDR information';
  return new AwsError('MissingParameter', message);
}
