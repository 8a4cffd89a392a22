/** A resource that an event speaks of, in CloudFormation's name of its type. */
export interface Resource {
  readonly ResourceType: string;
  readonly ResourceName: string;
}

/** Ids tell their type by their prefix, wherever in a record they stand. */
const BY_PREFIX: Readonly<Record<string, string>> = {
  acl: 'AWS::EC2::NetworkAcl',
  ami: 'AWS::EC2::Ami',
  eipalloc: 'AWS::EC2::EIP',
  eni: 'AWS::EC2::NetworkInterface',
  i: 'AWS::EC2::Instance',
  igw: 'AWS::EC2::InternetGateway',
  lt: 'AWS::EC2::LaunchTemplate',
  nat: 'AWS::EC2::NatGateway',
  pl: 'AWS::EC2::PrefixList',
  rtb: 'AWS::EC2::RouteTable',
  sg: 'AWS::EC2::SecurityGroup',
  sgr: 'AWS::EC2::SecurityGroupRule',
  snap: 'AWS::EC2::Snapshot',
  subnet: 'AWS::EC2::Subnet',
  vol: 'AWS::EC2::Volume',
  vpc: 'AWS::EC2::VPC',
};

/** Members that name a resource; their first letter may be of either case. */
const BY_MEMBER: Readonly<Record<string, string>> = {
  alarmName: 'AWS::CloudWatch::Alarm',
  autoScalingGroupName: 'AWS::AutoScaling::AutoScalingGroup',
  bucketName: 'AWS::S3::Bucket',
  dBInstanceIdentifier: 'AWS::RDS::DBInstance',
  functionName: 'AWS::Lambda::Function',
  keyName: 'AWS::EC2::KeyPair',
  loadBalancerArn: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  logGroupName: 'AWS::Logs::LogGroup',
  policyArn: 'AWS::IAM::Policy',
  queueUrl: 'AWS::SQS::Queue',
  roleName: 'AWS::IAM::Role',
  tableName: 'AWS::DynamoDB::Table',
  topicArn: 'AWS::SNS::Topic',
  userName: 'AWS::IAM::User',
};

const ID = /^([a-z]+)-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/** What a record's request and response name, each once; for tags, what was tagged. */
export function resourcesOf(record: Readonly<Record<string, unknown>>): readonly Resource[] {
  const found = new Map<string, Resource>();
  for (const half of [record.requestParameters, record.responseElements]) {
    walk('', half, (ResourceType, ResourceName) => {
      found.set(`${ResourceType} ${ResourceName}`, { ResourceType, ResourceName });
    });
  }
  return [...found.values()];
}

function walk(member: string, value: unknown, found: (type: string, name: string) => void): void {
  if (typeof value === 'string') {
    const type = BY_MEMBER[lowerFirst(member)] ?? typeOfId(member, value);
    if (type) found(type, value);
  } else if (Array.isArray(value)) {
    for (const inner of value) walk(member, inner, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) walk(name, inner, found);
  }
}

/** Only members that hold ids: the value of a tag may look like one. */
function typeOfId(member: string, value: string): string | undefined {
  if (!/(Id|Ids|resources|content)$/.test(member)) return undefined;
  return BY_PREFIX[ID.exec(value)?.[1] ?? ''];
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
