import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { calls as bucketCalls } from '../../functions/delete-stale-buckets/calls.ts';
import { calls as tagCalls } from '../../functions/enforce-tags/calls.ts';
import { calls as sshCalls } from '../../functions/revoke-open-ssh/calls.ts';
import { readEvent } from '../../shared/events/read.ts';
import { linesOf, own } from './reading-line.ts';

const folder = new URL('../../events/', import.meta.url);
const PLACE = 'in 111122223333 eu-west-1:';
const BUCKET = 'AWS::S3::Bucket forgotten-logs';
const GROUP = 'AWS::EC2::SecurityGroup sg-0a1b2c3d4e5f60718';
const INSTANCE = 'AWS::EC2::Instance i-0a1b2c3d4e5f60718';
const OTHER = 'AWS::EC2::Instance i-0f1e2d3c4b5a69788';
const ALARM = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:reeve-cpu-low';
const FINDING =
  'arn:aws:securityhub:eu-west-1:111122223333:security-control/EC2.13/finding/0a1b2c3d-0000-4000-8000-';
const opened = `live api-call AuthorizeSecurityGroupIngress by ana ${PLACE} ${GROUP}`;
const idle = `live alarm reeve-cpu-low ${PLACE} ${INSTANCE}`;

/** Every file of events/ and what it means. A file without an entry fails, and so does an entry without a file. */
const expected: Readonly<Record<string, readonly string[]>> = {
  'alarm.eventbridge': [idle],
  'alarm.eventbridge-aggregate': [`live alarm reeve-cpu-low ${PLACE} AWS::CloudWatch::Alarm ${ALARM}`],
  'alarm.eventbridge-composite': [`live alarm reeve-idle ${PLACE} AWS::CloudWatch::Alarm ${ALARM}`],
  'alarm.eventbridge-composite-suppressed': ['ignored: alarm reeve-idle is suppressed by WaitPeriod'],
  'alarm.eventbridge-contributor': [idle],
  'alarm.eventbridge-insights': [`live alarm reeve-cpu-low ${PLACE} AWS::CloudWatch::Alarm ${ALARM}`],
  'alarm.eventbridge-insufficient-data': ['ignored: alarm reeve-cpu-low is INSUFFICIENT_DATA'],
  'alarm.eventbridge-math': [`live alarm reeve-cpu-low ${PLACE} ${INSTANCE}, ${OTHER}`],
  'alarm.eventbridge-ok': ['ignored: alarm reeve-cpu-low is OK'],
  'alarm.lambda': [idle],
  'alarm.sns': [idle],
  'alarm.sns-composite': [`live alarm reeve-idle ${PLACE} AWS::CloudWatch::Alarm ${ALARM}`],
  'alarm.sns-math': [
    `live alarm reeve-cpu-low in 444455556666 eu-west-1: ${INSTANCE}`,
    `live alarm reeve-cpu-low ${PLACE} ${OTHER}`,
  ],
  'config.compliant': ['ignored: sg-0a1b2c3d4e5f60718 is COMPLIANT by rule restricted-ssh'],
  'config.noncompliant': [`live config-rule restricted-ssh ${PLACE} ${GROUP}`],
  'console-sign-in': [
    'unhandled: not an event that Reeve knows: AWS Console Sign In via CloudTrail from aws.signin',
  ],
  'delete-stale-buckets.put-bucket-policy': [`live api-call PutBucketPolicy by ana ${PLACE} ${BUCKET}`],
  'delete-stale-buckets.put-bucket-policy-denied': [
    'ignored: PutBucketPolicy failed with AccessDenied: nothing changed',
  ],
  'delete-stale-buckets.put-bucket-tagging': [`live api-call PutBucketTagging by ana ${PLACE} ${BUCKET}`],
  'delete-stale-buckets.sweep': [`live schedule delete-stale-buckets-sweep ${PLACE} sweep`],
  'ec2-state-change': [`live state-change running ${PLACE} ${INSTANCE}`],
  'enforce-tags.create-bucket': [
    `live api-call CreateBucket by ben@example.com ${PLACE} AWS::S3::Bucket orders-2026`,
  ],
  'enforce-tags.create-volume-by-root': [
    `live api-call CreateVolume by root ${PLACE} AWS::EC2::Volume vol-0a1b2c3d4e5f60718`,
  ],
  'enforce-tags.run-instances': [
    `live api-call RunInstances by ben@example.com ${PLACE} ${INSTANCE}, AWS::EC2::NetworkInterface eni-0a1b2c3d4e5f60718, ${OTHER}, AWS::EC2::NetworkInterface eni-0f1e2d3c4b5a69788`,
  ],
  'enforce-tags.tag-change': [
    `live tag-change Owner ${PLACE} sqs: arn:aws:sqs:eu-west-1:111122223333:orders`,
  ],
  'guardduty.sample': ['ignored: sample finding UnauthorizedAccess:EC2/SSHBruteForce'],
  'guardduty.ssh-brute-force': [
    `live security-finding UnauthorizedAccess:EC2/SSHBruteForce ${PLACE} ${INSTANCE}, ${GROUP}`,
  ],
  'revoke-open-ssh.authorize-egress': [
    'unhandled: AuthorizeSecurityGroupEgress is not a call that this policy listens to',
  ],
  'revoke-open-ssh.authorize-ingress': [opened],
  'revoke-open-ssh.authorize-ingress-delivered-twice': [opened],
  'revoke-open-ssh.authorize-ingress-denied': [
    'ignored: AuthorizeSecurityGroupIngress failed with Client.UnauthorizedOperation: nothing changed',
  ],
  'revoke-open-ssh.authorize-ingress-dry-run': [
    'ignored: AuthorizeSecurityGroupIngress failed with Client.DryRunOperation: nothing changed',
  ],
  'revoke-open-ssh.authorize-ingress-duplicate-rule': [opened],
  'revoke-open-ssh.authorize-ingress-flat': [opened],
  'revoke-open-ssh.authorize-ingress-http-and-ssh': [opened],
  'revoke-open-ssh.authorize-ingress-ipv6': [opened.replace('by ana', 'by ben@example.com')],
  'revoke-open-ssh.authorize-ingress-late': [opened.replace('live', 'late')],
  'revoke-open-ssh.authorize-ingress-omitted': [opened.replace(GROUP, 'sweep')],
  'revoke-open-ssh.authorize-ingress-other-account': [opened.replace(PLACE, 'in 444455556666 eu-central-1:')],
  'revoke-open-ssh.authorize-ingress-replayed': [opened.replace('live', 'replayed')],
  'revoke-open-ssh.modify-instance-attribute': [
    `live api-call ModifyInstanceAttribute by ana ${PLACE} ${GROUP}`,
  ],
  'revoke-open-ssh.modify-network-interface': [
    `live api-call ModifyNetworkInterfaceAttribute by ana ${PLACE} ${GROUP}, AWS::EC2::SecurityGroup sg-0f1e2d3c4b5a69788`,
  ],
  'revoke-open-ssh.modify-prefix-list': [
    `live api-call ModifyManagedPrefixList by ana ${PLACE} AWS::EC2::PrefixList pl-0a1b2c3d4e5f60718`,
  ],
  'revoke-open-ssh.modify-rules': [
    `live api-call ModifySecurityGroupRules by ben@example.com ${PLACE} ${GROUP}`,
  ],
  'revoke-open-ssh.run-instances': [
    `live api-call RunInstances by ben@example.com ${PLACE} ${GROUP}, ${INSTANCE}`,
  ],
  'schedule.own-input': [`live schedule revoke-open-ssh-sweep ${PLACE} sweep`],
  'schedule.rule': [`live schedule revoke-open-ssh-sweep ${PLACE} sweep`],
  'schedule.scheduler': [`live schedule revoke-open-ssh-sweep ${PLACE} sweep`],
  'securityhub.imported': [
    `live security-finding EC2.13 ${PLACE} ${GROUP}`,
    `live security-finding EC2.13 ${PLACE} AWS::EC2::SecurityGroup sg-0fedcba9876543210`,
    `ignored: finding ${FINDING}000000000002 is SUPPRESSED`,
    `ignored: finding ${FINDING}000000000003 is RESOLVED`,
  ],
  'securityhub.ocsf': ['unhandled: not an event that Reeve knows: Findings Imported V2 from aws.securityhub'],
  'sns.not-json': ['ignored: message 95df01b4-ee98-5cb9-9903-4c221d41eb5e is not a JSON document'],
  'sqs.continuation': [opened],
  'sqs.mixed': [
    opened,
    idle,
    'ignored: message 059f36b4-87a3-44ab-83d2-000000000003 is not a JSON document',
    'malformed: Records[3].body.version: expected version 1, got 99',
  ],
  'sqs.raw-alarm': [idle],
  'stop-idle-instances.alarm-after-no-data': [idle],
  'stop-idle-instances.alarm-stops-itself': [idle],
  'stop-idle-instances.sweep': [`live schedule stop-idle-instances-sweep ${PLACE} sweep`],
  'tag-change': [`live tag-change reeve:exempt ${PLACE} ${GROUP}`],
};

const files = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));

it('every sample event has an expectation and every expectation a sample', () => {
  expect(files.toSorted()).toEqual(Object.keys(expected).toSorted());
});

it.each(files)('the sample %s is read as written', (file) => {
  const event: unknown = JSON.parse(readFileSync(new URL(`${file}.json`, folder), 'utf8'));

  const calls = file.startsWith('enforce-tags.')
    ? tagCalls
    : file.startsWith('delete-stale-buckets.')
      ? bucketCalls
      : sshCalls;
  expect(linesOf(readEvent(event, own, calls))).toEqual(expected[file]);
});
