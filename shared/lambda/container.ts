import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Aws } from '../aws/access.ts';
import { type Announcement, announce } from '../aws/announce.ts';
import { entering } from '../aws/entering.ts';
import { type Connection, createAws } from '../aws/factory.ts';
import { journalHistory } from '../aws/journal-history.ts';
import { journalTable } from '../aws/journal-table.ts';
import { readKillSwitch } from '../aws/kill-switch.ts';
import { PatientRetry } from '../aws/retry.ts';
import { toldTable } from '../aws/told-table.ts';
import { type Fetch, postToChat, readWebhook } from '../aws/webhook.ts';
import { whoTagged } from '../aws/who-tagged.ts';
import { postponeWork } from '../aws/work-queue.ts';
import type { EmbeddedSettings } from '../config/embedded.ts';
import type { History } from '../engine/history.ts';
import type { Result, RunReport } from '../engine/outcome.ts';
import type { Log, Ports } from '../engine/ports.ts';
import type { Place } from '../engine/signal.ts';
import type { Resource } from '../engine/verdict.ts';
import { encodeSignal } from '../events/continuation.ts';
import { byOwner, type OwnersPart } from '../notify/by-owner.ts';
import { chatMessage } from '../notify/chat.ts';
import { digest } from '../notify/digest.ts';
import { cap } from '../notify/escape.ts';
import type { Environment } from './environment.ts';

/** Time, chance and the wire: passed in, so that a function can be rehearsed against a simulated account. */
export interface Outside {
  now(): Date;
  sleep(ms: number): Promise<void>;
  newId(): string;
  /** From 0 to 1. */
  random(): number;
  /** Beyond the environment's endpoint. Absent: the SDK's own credentials and sockets. */
  readonly connection: Pick<Connection, 'credentials' | 'requestHandler'>;
  /** How a chat's webhook is called. Absent: the runtime's own way. */
  readonly send?: Fetch;
}

const REAL: Outside = {
  now: () => new Date(),
  sleep: (ms) => wait(ms),
  newId: randomUUID,
  random: Math.random,
  connection: {},
};

/** What belongs to one invocation or signal. */
export interface Occasion {
  readonly log: Log;
  remainingMs(): number;
}

/**
 * What a warm function keeps from one invocation to the next: connections, role credentials with their end, and our
 * share of AWS's rate limits. Nothing that was read about resources, tags or settings (B5.24).
 */
export interface Container {
  now(): Date;
  ports(occasion: Occasion): Ports<Aws>;
  /** Reading the journal back. */
  readonly history: History;
  /** Publish one message to people. */
  say(announcement: Announcement): Promise<void>;
  /** Hand work to a later invocation of this function, in its own words. */
  defer(body: string): Promise<void>;
  /** Calls to AWS since the last time of asking, retries included. */
  takeCalls(): number;
}

/** Tries of one call; a message gets fewer, it must not use up the time that remedies need. */
const ATTEMPTS = { aws: 5, message: 3 };

/** More than a year: what was done can still be told when it is audited. */
const JOURNAL_DAYS = 400;

/** Connects a function to AWS. Clients are made when first used. */
export function createContainer(
  environment: Environment,
  embedded: EmbeddedSettings,
  home: Place,
  { now, sleep, newId, random, connection: wire, send }: Outside = REAL,
): Container {
  const time = { now, sleep };
  let calls = 0;
  const { endpoint } = environment;
  const connection = (attempts: number): Connection => ({
    ...wire,
    ...(endpoint === undefined ? {} : { endpoint }),
    retryStrategy: new PatientRetry({ attempts, now, sleep, random }),
    onCall: () => {
      calls += 1;
    },
  });
  const enter = entering({
    home,
    accounts: embedded.guard.accounts,
    role: embedded.role,
    connection: connection(ATTEMPTS.aws),
    time,
  });
  const own = createAws(home, connection(ATTEMPTS.aws));
  const messages = createAws(home, connection(ATTEMPTS.message));
  const told = toldTable(own, environment.journalTable, now);
  const table = { name: environment.journalTable, keepDays: JOURNAL_DAYS };
  const journal = journalTable(own, table, { sleep, random });
  const topicArn = embedded.notify.topic ?? environment.topicArn;

  return {
    now,
    ports: ({ log, remainingMs }) => ({
      ...time,
      random,
      newId,
      enter,
      journal,
      killSwitch: () => readKillSwitch(own, environment.killSwitch),
      whoTagged: async ({ id, tags }, key, place) =>
        whoTagged(await enter(place), id, key, tags.get(key) ?? ''),
      firstTold: (resourceArn, key, until) => told.claim({ resourceArn, key, until }),
      noteTold: async (resourceArn, key, until) => {
        await told.note({ resourceArn, key, until });
      },
      postpone: (signal, delaySeconds) =>
        postponeWork(own, environment.workQueueUrl, encodeSignal(signal), delaySeconds),
      notify: async (report) => {
        const untold: Result[] = [];
        for (const part of byOwner(report, embedded.notify.ownerTag))
          untold.push(...(await notify(messages, topicArn, part)));
        await chatAbout(report, embedded.notify.chat, messages, log, send);
        return untold;
      },
      remainingMs,
      log,
      isOurs: (resource) => isOurs(resource, environment),
    }),
    history: journalHistory(own, table),
    say: async (announcement) => {
      await announce(messages, topicArn, announcement);
    },
    defer: (body) => postponeWork(own, environment.workQueueUrl, body, 0),
    takeCalls() {
      const taken = calls;
      calls = 0;
      return taken;
    },
  };
}

/** A chat is a further channel: the topic has been told, so its failure is only logged (B5.37). */
async function chatAbout(
  report: RunReport,
  chat: EmbeddedSettings['notify']['chat'],
  aws: Aws,
  log: Log,
  send: Fetch | undefined,
): Promise<void> {
  if (chat === undefined) return;
  try {
    const address = await readWebhook(aws, chat.parameter);
    await postToChat(chat.kind, address, chatMessage(chat.kind, digest(report)), send);
  } catch (error) {
    log.error('The chat could not be told', { run: report.run, error });
  }
}

async function notify(aws: Aws, topicArn: string, { owner, report }: OwnersPart): Promise<readonly Result[]> {
  const { untold, ...message } = digest(report);
  const attributes = {
    policy: report.policy,
    state: report.state,
    attention: String(report.pages.length > 0),
    // SNS takes no empty attribute; subscriptions filter by it.
    ...(owner === undefined ? {} : { owner: cap(owner, 256) }),
  };
  await announce(aws, topicArn, { ...message, attributes });
  return untold;
}

/** Only CloudFormation can set this tag, so nobody can call his own resource ours. */
function isOurs({ tags, arn }: Resource, { stackId, topicArn }: Environment): boolean {
  return tags.get('aws:cloudformation:stack-id') === stackId || arn === topicArn;
}
