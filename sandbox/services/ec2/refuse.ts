import { AwsError } from '../../core/errors.ts';

/** `InvalidParameterValue`, the code for most things that EC2 does not like. */
export function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}

/** `MissingParameter` for a parameter by its wire name. */
export function missing(parameter: string): AwsError {
  return new AwsError('MissingParameter', `The request must contain the parameter ${parameter}`);
}

/** `InvalidParameterCombination`: two parameters that exclude each other. */
export function combination(one: string, other: string): AwsError {
  return new AwsError(
    'InvalidParameterCombination',
    `The parameter ${one} cannot be used with the parameter ${other}`,
  );
}

/** What the simulation does not do is refused by name, never ignored. */
export function unsupported(what: string): AwsError {
  return new AwsError('UnsupportedParameter', `The sandbox does not support ${what}`);
}

/** What EC2 says about a resource of another account that the caller may see but not change or read. */
export function unauthorized(): AwsError {
  return new AwsError('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403);
}

/** `DependencyViolation`: something still needs the resource. */
export function dependency(message: string): AwsError {
  return new AwsError('DependencyViolation', message);
}

interface Kind {
  readonly prefix: string;
  readonly malformed: string;
  readonly notFound: string;
  readonly says: (id: string) => string;
}

/** Ids, error codes and texts as AWS has them, kind by kind. */
export const KINDS = {
  vpc: kind('vpc', 'InvalidVpcID', 'vpc ID'),
  subnet: kind('subnet', 'InvalidSubnetID', 'subnet ID'),
  gateway: kind('igw', 'InvalidInternetGatewayID', 'internetGateway ID'),
  routeTable: kind('rtb', 'InvalidRouteTableID', 'routeTable ID'),
  acl: kind('acl', 'InvalidNetworkAclID', 'networkAcl ID'),
  interface: kind('eni', 'InvalidNetworkInterfaceID', 'networkInterface ID'),
  instance: kind('i', 'InvalidInstanceID', 'instance ID'),
  prefixList: kind('pl', 'InvalidPrefixListID', 'prefix list ID'),
  spotRequest: kind('sir', 'InvalidSpotInstanceRequestID', 'spot instance request ID'),
  volume: {
    prefix: 'vol',
    malformed: 'InvalidVolumeID.Malformed',
    notFound: 'InvalidVolume.NotFound',
    says: (id: string) => `The volume '${id}' does not exist.`,
  },
  snapshot: {
    prefix: 'snap',
    malformed: 'InvalidSnapshotID.Malformed',
    notFound: 'InvalidSnapshot.NotFound',
    says: (id: string) => `The snapshot '${id}' does not exist.`,
  },
  image: {
    prefix: 'ami',
    malformed: 'InvalidAMIID.Malformed',
    notFound: 'InvalidAMIID.NotFound',
    says: (id: string) => `The image id '[${id}]' does not exist`,
  },
  address: {
    prefix: 'eipalloc',
    malformed: 'InvalidAllocationID.Malformed',
    notFound: 'InvalidAllocationID.NotFound',
    says: (id: string) => `The allocation ID '${id}' does not exist`,
  },
  natGateway: {
    prefix: 'nat',
    malformed: 'NatGatewayMalformed',
    notFound: 'NatGatewayNotFound',
    says: (id: string) => `The Nat Gateway ${id} was not found`,
  },
  keyPair: {
    prefix: 'key',
    malformed: 'InvalidKeyPair.NotFound',
    notFound: 'InvalidKeyPair.NotFound',
    says: (id: string) => `The key pair '${id}' does not exist`,
  },
  rule: kind('sgr', 'InvalidSecurityGroupRuleId', 'security group rule ID'),
  template: {
    prefix: 'lt',
    malformed: 'InvalidLaunchTemplateId.Malformed',
    notFound: 'InvalidLaunchTemplateId.NotFound',
    says: (id: string) => `The specified launch template, with template ID ${id}, does not exist.`,
  },
  group: {
    prefix: 'sg',
    malformed: 'InvalidGroupId.Malformed',
    notFound: 'InvalidGroup.NotFound',
    says: (id: string) => `The security group '${id}' does not exist`,
  },
} as const satisfies Record<string, Kind>;

function kind(prefix: string, code: string, noun: string): Kind {
  return {
    prefix,
    malformed: `${code}.Malformed`,
    notFound: `${code}.NotFound`,
    says: (id) => `The ${noun} '${id}' does not exist`,
  };
}

/** Is this id of the right form? Throws `….Malformed` if not. */
export function checkId(id: string, { prefix, malformed }: Kind): void {
  if (!new RegExp(`^${prefix}-[0-9a-f]{8,17}$`).test(id)) {
    throw new AwsError(malformed, `Invalid id: "${id}" (expecting "${prefix}-...")`);
  }
}

/** The resource with this id, or the kind's own `.Malformed` / `.NotFound`. */
export function resolve<T>(
  from: ReadonlyMap<string, T>,
  id: string | undefined,
  kind: Kind,
  parameter: string,
): T {
  if (!id) throw missing(parameter);
  checkId(id, kind);
  const found = from.get(id);
  if (found === undefined) throw new AwsError(kind.notFound, kind.says(id));
  return found;
}
