/** CloudFormation's names of the resource types whose tags can be enforced; a row of types/ stands behind each. */
export const TYPE_NAMES = [
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::EC2::Instance',
  'AWS::EC2::Volume',
  'AWS::EC2::Snapshot',
  'AWS::EC2::Image',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::NetworkInterface',
  'AWS::EC2::EIP',
  'AWS::EC2::NatGateway',
  'AWS::EC2::VPC',
  'AWS::EC2::Subnet',
  'AWS::S3::Bucket',
  'AWS::RDS::DBInstance',
  'AWS::Lambda::Function',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::DynamoDB::Table',
  'AWS::Logs::LogGroup',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
] as const;

export type TypeName = (typeof TYPE_NAMES)[number];
