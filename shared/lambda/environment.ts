/** What the stack tells a function by its environment. */
export interface Environment {
  readonly region: string;
  readonly journalTable: string;
  readonly topicArn: string;
  readonly killSwitch: string;
  readonly workQueueUrl: string;
  /** ARN of our own stack: what carries it is ours and never touched (B6.10). */
  readonly stackId: string;
  /** Another endpoint than AWS's own, as in the sandbox; the SDK reads it as well, but not what bucket names need there. */
  readonly endpoint?: string;
}

type Needed = Exclude<keyof Environment, 'endpoint'>;

const NAMES: Readonly<Record<Needed, string>> = {
  region: 'AWS_REGION',
  journalTable: 'REEVE_JOURNAL_TABLE',
  topicArn: 'REEVE_TOPIC_ARN',
  killSwitch: 'REEVE_KILL_SWITCH',
  workQueueUrl: 'REEVE_WORK_QUEUE_URL',
  stackId: 'REEVE_STACK_ID',
};

/** Reads the environment; throws one line that names all that is missing, before any event is read (B5.42). */
export function readEnvironment(given: Readonly<Record<string, string | undefined>>): Environment {
  const missing = Object.values(NAMES).filter((name) => !given[name]?.trim());
  if (missing.length > 0) throw new Error(`The function's environment lacks ${missing.join(', ')}`);
  const value = (key: Needed): string => given[NAMES[key]] ?? '';
  return {
    region: value('region'),
    journalTable: value('journalTable'),
    topicArn: value('topicArn'),
    killSwitch: value('killSwitch'),
    workQueueUrl: value('workQueueUrl'),
    stackId: value('stackId'),
    ...(given.AWS_ENDPOINT_URL?.trim() ? { endpoint: given.AWS_ENDPOINT_URL } : {}),
  };
}
