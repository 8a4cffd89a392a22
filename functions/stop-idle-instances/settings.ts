import * as z from 'zod';
import { APPLIANCES } from '../../shared/aws/ec2/stopping/leave.ts';
import { pattern } from '../../shared/config/schema.ts';
import { isZone, parseHours } from './hours.ts';

const hours = z
  .string()
  .refine((text) => parseHours(text, 'UTC') !== undefined)
  .describe('office hours, e.g. mon-fri 08:00-19:00 Europe/Berlin');

const tagKey = z
  .string()
  .regex(/^(?!aws:).{1,128}$/iu)
  .describe('a tag key, not beginning with aws:');

const tag = z
  .string()
  .regex(/^[^=\s][^\n]*$/)
  .max(385)
  .describe('key or key=value');

const positive = z.number().positive();

/**
 * Settings of stop-idle-instances in `reeve.yml`; unknown keys are mistakes. The defaults are what AWS itself calls idle:
 * Compute Optimizer's peak CPU below 5 % and network below 5 MB a day over 14 days
 * (https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-idle-recommendations.html), within Trusted Advisor's low
 * utilization of at most 10 % daily average CPU and 5 MB of network
 * (https://docs.aws.amazon.com/awssupport/latest/user/cost-optimization-checks.html).
 */
export const settings = z.strictObject({
  /** Days over which every signal has to be quiet. Default: 14, Compute Optimizer's look-back. */
  windowDays: z.int().min(1).max(90).default(14),
  /** Hours that an instance must have run beyond the window. Default: 24. */
  graceHours: z.int().min(0).max(168).default(24),
  /** Share of the expected datapoints that has to be there, percent. Default: 90. */
  coveragePercent: z.int().min(50).max(100).default(90),
  cpu: z
    .strictObject({
      /** Highest CPU utilization of the window, percent; idle is below. Default: 5 (Compute Optimizer). */
      peakPercent: positive.max(100).default(5),
      /** Mean CPU utilization of the busiest day, percent. Default: 10 (Trusted Advisor). */
      averagePercent: positive.max(100).default(10),
      /** Peak as busy vCPUs: one busy core of 96 is 1 percent, and not idle (B1.13). Default: 0.5. */
      busyVcpus: positive.max(64).default(0.5),
      /** A burstable instance with fewer CPU credits left is held back, not idle (B1.11). Default: 5. */
      creditFloor: z.number().min(0).default(5),
    })
    .prefault({}),
  gpu: z
    .strictObject({
      /** Highest utilization of each GPU, percent, where the CloudWatch agent tells of all of them. Default: 5. */
      peakPercent: positive.max(100).default(5),
    })
    .prefault({}),
  network: z
    .strictObject({
      /** In and out together on the busiest day, MB. Default: 5 (Compute Optimizer, Trusted Advisor). */
      megabytesPerDay: positive.default(5),
      /** In and out together in the busiest period, bytes a second. Default: 5000. */
      bytesPerSecond: positive.default(5000),
      /** Packets in and out in the busiest period, a second. Default: 50. */
      packetsPerSecond: positive.default(50),
    })
    .prefault({}),
  disk: z
    .strictObject({
      /** EBS reads and writes in the busiest period, bytes a second, where the metric exists. Default: 100000. */
      bytesPerSecond: positive.default(100_000),
    })
    .prefault({}),
  logins: z
    .strictObject({
      /** Ask Session Manager who is, or was within 30 days, logged in. Default: true. */
      sessions: z.boolean().default(true),
      /** Ask CloudTrail for logins by EC2 Instance Connect and serial console: slow, 2 calls a second. Default: false. */
      cloudTrail: z.boolean().default(false),
    })
    .prefault({}),
  /** Leave what a record in Route 53 leads to by an address that a stop gives away; reads every zone. Default: false. */
  dnsRecords: z.boolean().default(false),
  hours: z
    .strictObject({
      /** Tag whose value is an instance's own office hours. Default: reeve:hours. */
      tag: tagKey.default('reeve:hours'),
      /** Office hours of instances without that tag; absent: only tagged instances have any. */
      schedule: hours.optional(),
      /** Which instances without that tag: `key` or `key=value`, any of them. Absent: all. */
      only: z.array(tag).min(1).optional(),
      /** Start again when they open, what the hours stopped. Default: true. */
      start: z.boolean().default(true),
    })
    .prefault({}),
  /** IANA zone for hours and dates that name none. Default: UTC. */
  zone: z.string().refine(isZone).describe('an IANA time zone, e.g. Europe/Berlin').default('UTC'),
  /** Tag with a date until which an instance is left alone. Default: reeve:keep-until. */
  keepTag: tagKey.default('reeve:keep-until'),
  /** Tag that says that an instance's own disks hold nothing worth keeping. Default: reeve:disks-disposable. */
  disposableTag: tagKey.default('reeve:disks-disposable'),
  restart: z
    .strictObject({
      /** Hours that an instance is left alone after somebody started it again. Default: 24. */
      coolDownHours: z.int().min(0).max(168).default(24),
      /** Stops of the same instance within a week after which it is only told about. Default: 2. */
      stopsPerWeek: z.int().min(1).max(14).default(2),
    })
    .prefault({}),
  /** Names of bastions and other boxes that look idle and are not, with `*` and `?`. */
  appliances: z.array(pattern).default([...APPLIANCES]),
  /** Names of the alarms that may point at an instance. Default: reeve-*. */
  alarms: z.array(pattern).min(1).default(['reeve-*']),
});

export type Settings = z.infer<typeof settings>;
