import type { Account } from '../stage/account.ts';
import { journalOf } from '../stage/journal.ts';
import type { Runtime } from '../stage/runtime.ts';
import type { Scenario, Subject } from '../stage/scenario.ts';
import { idleSweep, machine, meddlings as machineMeddlings } from './idle.ts';
import { group, rulesOf, sshEvent, meddlings as sshMeddlings } from './ssh.ts';
import { tagged, meddlings as tagMeddlings, tagsSweep } from './tags.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A person asks once more where he got no answer, or one that tells him to; longer apart than an undo holds its lease. */
const ASKED = 3;
const ASKS_AGAIN_AFTER = 5 * MINUTE;

/** As it was, so the answer says; then it has to be so. */
const RESTORED = ['undone', 'already-undone', 'as-before'];

/** The function that is asked, and for which run. */
interface Asking {
  readonly fn: 'undo' | 'undo-by-hand';
  readonly run: string;
}

export async function whatWasDone({ account }: Runtime): Promise<Asking> {
  const entries = await journalOf(account);
  const done = entries.find(({ undoes, outcome }) => undoes === undefined && outcome?.result === 'done');
  if (done === undefined) throw new Error('there is nothing to take back');
  return { fn: 'undo', run: done.run };
}

/** Asks for what the policy did to be taken back, until the answer is one to be content with. */
export async function askBack(
  runtime: Runtime,
  subjects: readonly Subject[],
  asking?: Asking,
): Promise<void> {
  const { fn, run } = asking ?? (await whatWasDone(runtime));
  const asked = { undo: run, by: 'ana', reason: 'needed for the audit', force: true };
  for (let times = 0; times < ASKED; times++) {
    const isRestored = await ask(runtime, fn, asked, subjects);
    await runtime.pass(ASKS_AGAIN_AFTER);
    if (isRestored) return;
  }
}

async function ask(
  runtime: Runtime,
  fn: Asking['fn'],
  asked: object,
  subjects: readonly Subject[],
): Promise<boolean> {
  const ended = await runtime.invoke(fn, asked);
  const ids = subjects.map(({ id }) => id).join(' ');
  if (ended === 'died' || !('answer' in ended)) {
    runtime.answers.push(`${ids}: no answer`);
    return false;
  }
  const results = 'results' in ended.answer ? ended.answer.results : [];
  runtime.answers.push(JSON.stringify(results));
  for (const { resource, code, reason } of results) {
    const subject = subjects.find(({ id }) => id === resource);
    if (reason.length < 10) runtime.untrue.push(`${code} for ${resource} was answered without a reason`);
    if (RESTORED.includes(code) && subject?.due === 'remedy' && !subject.isRemedied())
      runtime.untrue.push(`${code} was answered, and ${resource} is not as it was`);
  }
  return results.length > 0 && results.every(({ code }) => RESTORED.includes(code));
}

/** All that was there but the ids of rules. */
function ingressOf(account: Account, id: string): string {
  const rules = rulesOf(account, id).map(({ id: _id, serial: _serial, ...rule }) => JSON.stringify(rule));
  return rules.sort().join('\n');
}

/** Asked for again it finds nothing more to do. */
const again: Pick<Scenario, 'play' | 'recover'> = {
  play: (runtime, subjects) => askBack(runtime, subjects),
  async recover(runtime, subjects) {
    await askBack(runtime, subjects);
    await askBack(runtime, subjects);
  },
};

/** A closed door is opened again, as it was, and the event of that does not close it. */
export const sshUndo: Scenario = {
  ...sshEvent,
  ...again,
  name: 'undo: revoke-open-ssh',
  meddlings: sshMeddlings.filter(({ name }) => name === 'gone'),
  async set(account) {
    const subject = await group(
      account,
      'web',
      ['tcp 22 0.0.0.0/0 # vendor, ticket 7', 'tcp 443 0.0.0.0/0'],
      'remedy',
    );
    const ssh = rulesOf(account, subject.id).find(({ toPort }) => toPort === 22);
    const Tags = [{ Key: 'Owner', Value: 'ana' }];
    await account.as('ec2', 'CreateTags', { Resources: [ssh?.id], Tags });
    const was = ingressOf(account, subject.id);
    return [
      {
        ...subject,
        allows: ({ operation }) => operation === 'AuthorizeSecurityGroupIngress',
        isRemedied: () => ingressOf(account, subject.id) === was,
      },
    ];
  },
  before: (runtime) => runtime.pass(HOUR),
};

/** A stopped machine is started again, and the next sweep lets it run. */
export const idleUndo: Scenario = {
  ...idleSweep,
  ...again,
  name: 'undo: stop-idle-instances',
  meddlings: machineMeddlings.filter(({ name }) => name === 'gone'),
  async set(account) {
    const subject = machine(account, 'remedy');
    return [
      {
        ...subject,
        allows: ({ operation }) => operation === 'StartInstances',
        isRemedied: () => !subject.isRemedied(),
      },
    ];
  },
  async before(runtime) {
    runtime.sweep('stop-idle-instances');
    await runtime.pass(HOUR);
  },
};

/** A tag that was written is taken off again; one that somebody gave another value meanwhile stays. */
export const tagsUndo: Scenario = {
  ...tagsSweep,
  ...again,
  name: 'undo: enforce-tags',
  settings: tagsSweep.settings.replace(', AWS::S3::Bucket', ''),
  meddlings: tagMeddlings,
  async set(account) {
    const subject = tagged(account, 'remedy', { Name: 'web' });
    return [
      {
        ...subject,
        allows: ({ operation }) => operation === 'DeleteTags',
        isRemedied: () => !subject.isRemedied(),
      },
    ];
  },
  async before(runtime) {
    runtime.sweep('enforce-tags');
    await runtime.pass(HOUR);
  },
};
