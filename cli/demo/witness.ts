import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import type { Stack } from '../../sandbox/cloudformation/deploy.ts';
import { onLogLine } from '../../sandbox/lambda/logs.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { type Delivery, inboxOf } from '../../sandbox/services/sns/state.ts';
import { findingsQueue, type Told } from './findings-queue.ts';
import type { Timeline } from './timeline.ts';

/** Tells what the deployed functions do, from nothing but their own logs and the messages that people get. */
export interface Witness {
  /** Print the messages that came since the last time: one of each policy whole, the others by their subject. */
  readMail(): Promise<void>;
  /** From now on runs that find nothing are not worth a line, and what was said once is not said again. */
  beBrief(): void;
  /** All messages so far. */
  readonly mail: () => number;
  /** All that the messages carried for machines. */
  readonly told: readonly Told[];
}

const READER = 'ops@example.com';

/** Begins to watch: every line that a function logs about a resource goes on the timeline as it happens. */
export async function witness(sandbox: Sandbox, stack: Stack, timeline: Timeline): Promise<Witness> {
  const { world } = sandbox;
  const topic = stack.outputs.AnnouncementsTopic ?? '';
  await subscribe(sandbox, topic);
  const queue = await findingsQueue(sandbox, topic);
  const told: Told[] = [];
  const said = new Set<string>();
  let brief = false;
  const isNews = (text: string) => {
    const known = said.has(text);
    said.add(text);
    return !brief || !known;
  };
  onLogLine(world, (_where, { functionName, text }) => {
    const sentence = sentenceFrom(text, brief);
    if (sentence !== undefined && isNews(`${functionName} ${sentence}`)) timeline.line('reeve', sentence);
  });

  const shownWhole = new Set<string>();
  const show = ({ subject = '', message, at }: Delivery) => {
    const policy = policyOf(message);
    const whole = !shownWhole.has(policy);
    if (!whole && !isNews(`mail ${subject}`)) return;
    timeline.line('mail', whole ? `to ${READER}:` : subject, at);
    if (whole) timeline.message(subject, message);
    shownWhole.add(policy);
  };
  let read = 0;
  const mails = () => inboxOf(world, topic).filter(({ protocol }) => protocol === 'email');
  return {
    told,
    mail: () => mails().length,
    beBrief() {
      brief = true;
    },
    async readMail() {
      const all = mails();
      if (all.length === read) return;
      for (const mail of all.slice(read)) show(mail);
      read = all.length;
      told.push(...(await queue()));
    },
  };
}

async function subscribe(sandbox: Sandbox, topic: string): Promise<void> {
  const { endpoint } = await sandbox.listen();
  const sns = new SNSClient({
    region: sandbox.region,
    endpoint,
    credentials: sandbox.credentials({ user: 'ops' }),
  });
  await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'email', Endpoint: READER }));
}

/** The first line of a digest: `SSH is not open to the world (revoke-open-ssh)`. */
function policyOf(message: string): string {
  return /\(([\w-]+)\)$/.exec(message.split('\n')[0] ?? '')?.[1] ?? '';
}

/** What another run has in hand, may still come right by itself, or is already on the timeline. */
const NO_NEWS: readonly unknown[] = ['in-progress', 'already-done', 'grace'];

/** What one line of a function's log says to people; undefined where it is for machines. */
function sentenceFrom(text: string, brief: boolean): string | undefined {
  const line = parsed(text);
  if (line?.message === 'Resource') {
    const { outcome, code, reason, reasonCode } = line;
    if (NO_NEWS.includes(code) || reasonCode === 'marked') return undefined;
    const left = outcome === 'skipped' ? `left alone (${String(code)}): ` : '';
    const [id, sentence] = [String(line.resource), String(reason)];
    return left === '' || sentence.includes(id) ? left + sentence : `${left}${id}: ${sentence}`;
  }
  if (!brief && line?.message === 'Run' && line.policy === 'revoke-open-ssh' && isQuiet(line.counts))
    return 'looked: all in order, nothing to do';
  return undefined;
}

function isQuiet(counts: unknown): boolean {
  if (typeof counts !== 'object' || counts === null) return false;
  return Object.entries(counts).every(
    ([name, count]) => count === 0 || name === 'scanned' || name === 'compliant',
  );
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null ? { ...line } : undefined;
  } catch {
    return undefined;
  }
}
