import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import type { Stack } from '../../sandbox/cloudformation/deploy.ts';
import { onLogLine } from '../../sandbox/lambda/logs.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { inboxOf } from '../../sandbox/services/sns/state.ts';
import type { Timeline } from './timeline.ts';

/** Tells what the deployed functions do, from nothing but their own logs and the messages that people get. */
export interface Witness {
  /** Print the messages that came since the last time; the first one whole, the others by their subject. */
  readMail(): void;
  /** All messages so far. */
  readonly mail: () => number;
}

/** Begins to watch: every line that a function logs about a resource goes on the timeline as it happens. */
export async function witness(sandbox: Sandbox, stack: Stack, timeline: Timeline): Promise<Witness> {
  const topic = stack.outputs.AnnouncementsTopic ?? '';
  const { endpoint } = await sandbox.listen();
  const sns = new SNSClient({
    region: sandbox.region,
    endpoint,
    credentials: sandbox.credentials({ user: 'ops' }),
  });
  await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'email', Endpoint: 'ops@example.com' }));
  onLogLine(sandbox.world, (_where, { text }) => {
    const told = sentenceFrom(text);
    if (told !== undefined) timeline.line('reeve', told);
  });
  let read = 0;
  return {
    mail: () => inboxOf(sandbox.world, topic).length,
    readMail() {
      const inbox = inboxOf(sandbox.world, topic);
      for (const [index, { subject = '', message }] of inbox.entries()) {
        if (index < read) continue;
        timeline.line('mail', index === 0 ? 'to ops@example.com:' : subject);
        if (index === 0) timeline.message(subject, message);
      }
      read = inbox.length;
    },
  };
}

/** What one line of a function's log says to people; undefined where it is for machines. */
function sentenceFrom(text: string): string | undefined {
  const line = parsed(text);
  if (line?.message === 'Resource') {
    const { outcome, code, reason } = line;
    if (code === 'in-progress' || code === 'already-done') return undefined;
    const left = outcome === 'skipped' ? `left alone (${String(code)}): ` : '';
    return `${left}${String(reason)}`;
  }
  if (line?.message === 'Run' && isQuiet(line.counts)) return 'looked: all in order, nothing to do';
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
