import { expect, it } from 'vitest';
import { change, lines, sample, signalOf } from './sample.ts';

const rule = sample('config.noncompliant');
const hub = sample('securityhub.imported');

it.each(['COMPLIANT', 'NOT_APPLICABLE', 'INSUFFICIENT_DATA'])(
  'B5.8 %s by a Config rule asks for nothing',
  (type) => {
    expect(lines(change(rule, { 'detail.newEvaluationResult.complianceType': type }))[0]).toMatch(
      /^ignored: sg-.* is/,
    );
  },
);

it('B5.8 a first evaluation has no old result', () => {
  expect(Object.hasOwn(Object(Reflect.get(Object(rule), 'detail')), 'oldEvaluationResult')).toBe(false);
  expect(signalOf(rule).cause).toEqual({ kind: 'config-rule', name: 'restricted-ssh' });
});

it.each<{ field: string; value: unknown }>([
  { field: 'Workflow', value: { Status: 'RESOLVED' } },
  { field: 'Workflow', value: { Status: 'SUPPRESSED' } },
  { field: 'RecordState', value: 'ARCHIVED' },
  { field: 'Compliance', value: { Status: 'PASSED' } },
  { field: 'Sample', value: true },
])('B5.10 a finding with $field $value is skipped, its neighbours are not', ({ field, value }) => {
  const before = lines(hub).filter((line) => line.startsWith('live'));
  const after = lines(change(hub, { [`detail.findings.0.${field}`]: value }));
  expect(after.filter((line) => line.startsWith('live'))).toEqual(before.slice(1));
});

it('B5.10 B5.34 a finding of another account and region, aggregated here, is looked at there', () => {
  const resource = {
    Type: 'AwsEc2SecurityGroup',
    Id: 'arn:aws:ec2:us-west-2:444455556666:security-group/sg-1',
    Region: 'us-west-2',
  };
  expect(lines(change(hub, { 'detail.findings.0.Resources': [resource] }))[0]).toBe(
    'live security-finding EC2.13 in 444455556666 us-west-2: AWS::EC2::SecurityGroup sg-1',
  );
});

it('B5.10 a resource type that nobody knows keeps its name', () => {
  const resource = { Type: 'AwsMoonBase', Id: 'arn:aws:moon:eu-west-1:111122223333:base/1' };
  expect(lines(change(hub, { 'detail.findings.0.Resources': [resource] }))[0]).toMatch(
    /: AwsMoonBase arn:aws:moon/,
  );
});

it('B5.10 the newer finding format is recognised as not handled', () => {
  expect(lines(sample('securityhub.ocsf'))[0]).toMatch(/^unhandled: .*Findings Imported V2/);
});

it('B5.10 a GuardDuty sample, an archived finding and one without an instance ask for nothing', () => {
  const finding = sample('guardduty.ssh-brute-force');
  expect(lines(sample('guardduty.sample'))[0]).toMatch(/^ignored: sample/);
  expect(lines(change(finding, { 'detail.service.archived': true }))[0]).toMatch(/^ignored: archived/);
  expect(lines(change(finding, { 'detail.resource.instanceDetails': null }))[0]).toMatch(
    /^ignored: .*instance/,
  );
});
