import fc from 'fast-check';
import { BadInput } from '../../../cli/exit.ts';
import { planText, readPlan } from '../../../cli/plan/document.ts';
import { readLetter, textToSend } from '../../../cli/redrive/letter.ts';
import { isSameChange } from '../../../shared/engine/planned.ts';
import { safe } from '../../../shared/notify/escape.ts';
import { type Door, door, type Knock } from '../door.ts';
import { mutated, mutations } from '../mutation.ts';

const home = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const plan = {
  createdAt: '2026-11-21T09:00:00.000Z',
  by: 'arn:aws:iam::111122223333:user/ana',
  home,
  simulated: true,
  policies: [
    {
      policy: 'revoke-open-ssh',
      settings: 'a hash',
      scanned: 12,
      places: [home],
      items: [
        {
          ...home,
          resource: {
            type: 'AWS::EC2::SecurityGroup',
            id: 'sg-1',
            arn: 'arn:aws:ec2:eu-west-1:111122223333:x/sg-1',
          },
          reasonCode: 'ssh-open-to-world',
          reason: 'sg-1 lets the world in.',
          severity: 'high' as const,
          change: {
            action: 'revoke-ingress',
            summary: 'Revoke tcp 22',
            fingerprint: 'sgr-1',
            undo: 'Authorize it again.',
            parameters: { groupId: 'sg-1', ruleIds: ['sgr-1'] },
            before: { groupId: 'sg-1', rules: [] },
          },
        },
      ],
    },
  ],
};

const quiet: Pick<Knock, 'acted' | 'work' | 'mostWork'> = { acted: [], work: 0, mostWork: 0 };

/** `reeve apply` on files that are no plan, or were written by another hand: half of them with a hash that fits. */
export function plans(): Door {
  const inputs = fc.record({ mutations, fitting: fc.boolean(), torn: fc.nat({ max: 9 }) });
  return door('plan files', inputs, ({ mutations: changes, fitting, torn }) => {
    const text = textOf(mutated(plan, changes), fitting);
    try {
      const read = readPlan(torn === 0 ? text.slice(0, text.length / 2) : text, 'plan.json');
      // What is believed has to be fit to be compared with.
      for (const { items } of read.plan.policies)
        for (const { change } of items) isSameChange(change, { ...change, planKey: 'x' });
      return { ...quiet, lines: [] };
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      return { ...quiet, lines: error.lines };
    }
  });
}

function textOf(document: unknown, fitting: boolean): string {
  try {
    const object = typeof document === 'object' && document !== null ? document : { document };
    // Boundary: a forger writes what he likes.
    if (fitting) return planText(object as Parameters<typeof planText>[0]);
    return JSON.stringify({ reeve: 'plan', version: 1, ...object, sha256: 'a'.repeat(64) });
  } catch (error) {
    if (error instanceof RangeError)
      return `{"reeve":"plan","version":1,"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    throw error;
  }
}

const LETTERS = [
  {
    version: '1.0',
    timestamp: '2026-11-21T09:00:00.000Z',
    requestContext: {
      requestId: 'r',
      functionArn: 'f',
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: {
      'detail-type': 'AWS API Call via CloudTrail',
      source: 'aws.ec2',
      detail: { eventName: 'X' },
    },
    responsePayload: { errorMessage: 'no', errorType: 'Error' },
  },
  {
    reeve: 'continuation',
    version: 1,
    signal: { scope: { resources: [{ id: 'sg-1' }] }, cause: { name: 'X' } },
  },
  { Records: [{ EventSource: 'aws:sns', Sns: { Message: '{"AlarmName":"reeve-a"}' } }], 'reeve-redriven': 2 },
];

/** `reeve redrive` on dead letters: anybody who may send to the queue could have written one. */
export function deadLetters(): Door {
  const inputs = fc.record({
    letter: fc.constantFrom(...LETTERS),
    mutations,
    work: fc.boolean(),
    torn: fc.nat({ max: 9 }),
  });
  return door('dead letters', inputs, ({ letter, mutations: changes, work, torn }) => {
    const text = jsonOf(mutated(letter, changes));
    const Attributes = { SentTimestamp: '1', ...(work && { DeadLetterQueueSourceArn: 'arn' }) };
    const read = readLetter({ Body: torn === 0 ? text.slice(0, text.length / 2) : text, Attributes });
    if (textToSend(read) === undefined) throw new Error('nothing would be given back');
    return { ...quiet, lines: [safe(read.about, 200), safe(read.why, 400)] };
  });
}

export function jsonOf(document: unknown): string {
  try {
    return JSON.stringify(document) ?? '';
  } catch (error) {
    if (error instanceof RangeError) return '['.repeat(100_000) + ']'.repeat(100_000);
    throw error;
  }
}
