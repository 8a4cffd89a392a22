import type { ResourceRef, Signal } from '../engine/signal.ts';
import { type Envelope, signalFrom } from './envelope.ts';
import type { Field } from './fields.ts';
import { type Context, ignored, oneLine, type SingleReading, signals } from './reading.ts';
import { resourceOfFinding } from './resource.ts';

/** `Config Rules Compliance Change`: only NON_COMPLIANT asks for a look (B5.8). */
export function readConfigRule(envelope: Envelope, own: Context): SingleReading {
  const detail = envelope.detail.object();
  const rule = detail.at('configRuleName').text('the name of the rule');
  const compliance = detail.at('newEvaluationResult', 'complianceType').text('e.g. "NON_COMPLIANT"');
  const ref = { type: detail.at('resourceType').text(), id: detail.at('resourceId').text() };
  if (compliance !== 'NON_COMPLIANT') return ignored(`${ref.id} is ${compliance} by rule ${rule}`);

  const place = {
    ...envelope,
    account: detail.at('awsAccountId').account(),
    region: detail.at('awsRegion').region(),
  };
  return signals(signalFrom(place, { kind: 'config-rule', name: rule }, own.now, [ref]));
}

/** `GuardDuty Finding`: somebody probes or has entered an instance; samples and archived findings ask for nothing. */
export function readGuardDuty(envelope: Envelope, own: Context): SingleReading {
  const detail = envelope.detail.object();
  const type = detail.at('type').text('the finding type');
  const sample =
    detail.at('title').optionalText()?.startsWith('[SAMPLE]') ||
    detail.at('service', 'additionalInfo', 'sample').value === true;
  if (sample) return ignored(`sample finding ${type}`);
  if (detail.at('service', 'archived').value === true) return ignored(`archived finding ${type}`);

  const instance = detail.at('resource', 'instanceDetails');
  if (instance.isMissing()) return ignored(`finding ${type} is not about an instance`);
  const id = instance.at('instanceId').text('an instance id');
  const place = {
    ...envelope,
    account: detail.at('accountId').account(),
    region: detail.at('region').region(),
  };
  const resources = [{ type: 'AWS::EC2::Instance', id }, ...groupsOf(instance)];
  return signals(signalFrom(place, { kind: 'security-finding', name: type }, own.now, resources));
}

function groupsOf(instance: Field): readonly ResourceRef[] {
  const ids = instance
    .at('networkInterfaces')
    .entries()
    .flatMap((networkInterface) => networkInterface.at('securityGroups').entries())
    .flatMap((group) => group.at('groupId').optionalText() ?? []);
  return [...new Set(ids)].map((id) => ({ type: 'AWS::EC2::SecurityGroup', id }));
}

/** `Security Hub Findings - Imported` in the Security Finding Format: each failed, open finding is a signal (B5.10). */
export function readSecurityHub(envelope: Envelope, own: Context): SingleReading {
  const readings = envelope.detail
    .object()
    .at('findings')
    .list('a list of findings')
    .map((finding) => readFinding(finding.object(), envelope, own));
  return {
    kind: 'signals',
    signals: readings.flatMap((reading) => (typeof reading === 'string' ? [] : reading)),
    ignored: readings.filter((reading) => typeof reading === 'string').map(oneLine),
  };
}

function readFinding(finding: Field, envelope: Envelope, own: Context): readonly Signal[] | string {
  const id = finding.at('Id').text('the id of the finding');
  const closed = [
    finding.at('Workflow', 'Status'),
    finding.at('RecordState'),
    finding.at('Compliance', 'Status'),
  ].find((status) => CLOSED.includes(status.optionalText() ?? ''));
  if (closed) return `finding ${id} is ${closed.optionalText()}`;
  if (finding.at('Sample').value === true) return `finding ${id} is a sample`;

  const name =
    finding.at('Compliance', 'SecurityControlId').optionalText() ?? finding.at('GeneratorId').text();
  const account = finding.at('AwsAccountId').account();
  const region = finding.at('Region').isMissing() ? envelope.region : finding.at('Region').region();
  const resources = finding.at('Resources').list('a list of resources');
  const places = Map.groupBy(
    resources.map(located),
    (one) => `${one.account ?? account} ${one.region ?? region}`,
  );
  return [...places.values()].map((found) => {
    const place = { ...envelope, account: found[0]?.account ?? account, region: found[0]?.region ?? region };
    const refs = found.map(({ ref }) => ref);
    return signalFrom(place, { kind: 'security-finding', name }, own.now, refs);
  });
}

const CLOSED: readonly string[] = ['RESOLVED', 'SUPPRESSED', 'ARCHIVED', 'PASSED'];

function located(resource: Field): ReturnType<typeof resourceOfFinding> {
  const found = resourceOfFinding(resource.at('Type').text(), resource.at('Id').text());
  const region = resource.at('Region');
  return { ...found, region: region.isMissing() ? found.region : region.region() };
}
