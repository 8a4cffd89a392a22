/** Resource types as tag policies name them, as far as enforce-tags looks at them. */
export const TYPES: Readonly<Record<string, string>> = {
  'ec2:instance': 'AWS::EC2::Instance',
  'ec2:volume': 'AWS::EC2::Volume',
  'ec2:snapshot': 'AWS::EC2::Snapshot',
  'ec2:image': 'AWS::EC2::Image',
  'ec2:security-group': 'AWS::EC2::SecurityGroup',
  'ec2:network-interface': 'AWS::EC2::NetworkInterface',
  'ec2:elastic-ip': 'AWS::EC2::EIP',
  'ec2:natgateway': 'AWS::EC2::NatGateway',
  'ec2:vpc': 'AWS::EC2::VPC',
  'ec2:subnet': 'AWS::EC2::Subnet',
  's3:bucket': 'AWS::S3::Bucket',
  'rds:db': 'AWS::RDS::DBInstance',
  'lambda:function': 'AWS::Lambda::Function',
  'sns:topic': 'AWS::SNS::Topic',
  'sqs:queue': 'AWS::SQS::Queue',
  'dynamodb:table': 'AWS::DynamoDB::Table',
  'logs:log-group': 'AWS::Logs::LogGroup',
  'elasticloadbalancing:loadbalancer': 'AWS::ElasticLoadBalancingV2::LoadBalancer',
};

/** What a tag's value may be. */
interface AllowedValues {
  readonly values?: readonly string[];
  readonly pattern?: string;
}

/** No list, or a lone `*`, allows any value; a `*` within a value stands for any text. */
export function valuesOf(values: readonly string[] | undefined): AllowedValues {
  if (values === undefined || values.length === 0 || values.includes('*')) return {};
  return values.some((value) => value.includes('*')) ? { pattern: patternOf(values) } : { values };
}

function patternOf(values: readonly string[]): string {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return values.map((value) => value.split('*').map(literal).join('.*')).join('|');
}

/** `ec2:*` and `ec2:ALL_SUPPORTED` stand for all types of a service. */
export function typesOf(names: readonly string[]): { types: readonly string[]; unknown: readonly string[] } {
  const found = names.map((name) => {
    const [service = '', type = ''] = name.split(':');
    const all = type === '*' || type === 'ALL_SUPPORTED';
    return Object.entries(TYPES).flatMap(([known, cloudFormation]) =>
      known === name || (all && known.startsWith(`${service}:`)) ? [cloudFormation] : [],
    );
  });
  return {
    types: [...new Set(found.flat())],
    unknown: names.filter((_, index) => found[index]?.length === 0),
  };
}
