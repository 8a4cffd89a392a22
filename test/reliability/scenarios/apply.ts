import pc from 'picocolors';
import { applyOne } from '../../../cli/apply.ts';
import { policyPlan } from '../../../cli/plan.ts';
import { sweepOne } from '../../../cli/sweep.ts';
import type { Terminal } from '../../../cli/terminal.ts';
import { ec2State } from '../../../sandbox/services/ec2/state.ts';
import type { Result } from '../../../shared/engine/outcome.ts';
import { createContainer } from '../../../shared/lambda/container.ts';
import type { Account } from '../stage/account.ts';
import { configOf } from '../stage/functions.ts';
import type { Life } from '../stage/life.ts';
import type { Runtime } from '../stage/runtime.ts';
import type { Scenario, Subject } from '../stage/scenario.ts';
import { group, open, rulesOf, sshEvent } from './ssh.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** He applies the plan again where he got no answer, or one that says of something that it failed. */
const TIMES = 3;

type Plan = ReturnType<typeof policyPlan>;

const POLICY = 'revoke-open-ssh';
const YAML = sshEvent.settings.replace('mode: enforce', 'mode: report');
const plans = new WeakMap<Account, Plan>();

const terminal: Terminal = {
  out() {},
  err() {},
  progress() {},
  columns: 100,
  colors: pc.createColors(false),
};

/** What a person's process has open: the journal of the stack, its kill switch, and his own rights. */
function openIn({ account, settings, sabotage }: Runtime, { outside, remainingMs }: Life) {
  const embedded = settings.get(POLICY);
  if (embedded === undefined) throw new Error(`${POLICY} is not in the settings`);
  const container = createContainer(account.environment(POLICY), embedded, account.place, outside);
  const log = { info() {}, warn() {}, error() {} };
  const sound = container.ports({ log, remainingMs });
  const { enter, journal, killSwitch } = sabotage?.ports?.(sound) ?? sound;
  const arn = `arn:aws:iam::${account.place.account}:user/ana`;
  const nobody = async () => Promise.reject(new Error('its credentials are those of the container'));
  const caller = { home: account.place, arn, source: '', endpoint: undefined, credentials: nobody };
  return {
    caller: { ...caller, now: outside.now },
    accounts: [account.place.account],
    enter,
    brakes: { journal, history: container.history, killSwitch, close() {} },
  };
}

/** Looks at everything as `reeve plan` does, and keeps what is to be changed. */
export async function plan(runtime: Runtime): Promise<void> {
  const config = configOf(YAML);
  const { stop, places } = { stop: new AbortController().signal, places: [runtime.account.place] };
  const { ended } = await runtime.live(HOUR, async (life) => {
    const opened = { ...openIn(runtime, life), places, refused: false };
    const swept = await sweepOne(POLICY, config, opened, 'reeve plan', { enforce: false, stop }, terminal);
    return policyPlan(swept, config, opened);
  });
  if (ended === 'died' || 'error' in ended) throw new Error('no plan was made', { cause: ended });
  plans.set(runtime.account, ended.answer);
}

/** Applies the plan as `reeve apply --yes` does; gives the line of each item, or undefined where no answer came. */
export async function apply(runtime: Runtime): Promise<readonly Result[] | undefined> {
  const planned = plans.get(runtime.account);
  if (planned === undefined) throw new Error('there is no plan');
  const options = { yes: true, stop: new AbortController().signal };
  const { ended } = await runtime.live(HOUR, (life) =>
    applyOne(planned, configOf(YAML), openIn(runtime, life), 'sha', options, terminal, life.outside),
  );
  return ended === 'died' || 'error' in ended ? undefined : ended.answer.results;
}

/** What he was told of each item, whether it is so, and of which he was told nothing. */
function read(runtime: Runtime, subjects: readonly Subject[], results: readonly Result[]): void {
  const items = plans.get(runtime.account)?.items ?? [];
  for (const { resource } of items) {
    const result = results.find(({ resource: { id } }) => id === resource.id);
    if (result === undefined || result.outcome.reason.length < 10)
      runtime.untrue.push(`nothing was said of ${resource.id}, which is in the plan`);
    const subject = subjects.find(({ id }) => id === resource.id);
    if (result?.outcome.outcome === 'done' && subject?.isRemedied() === false)
      runtime.untrue.push(`${resource.id} is not done, and he was told so`);
  }
  runtime.answers.push(JSON.stringify(results.map(({ resource: { id }, outcome }) => ({ id, ...outcome }))));
}

/** The plan is applied until all of it is done or refused. */
export function until(applied: typeof apply) {
  return async (runtime: Runtime, subjects: readonly Subject[]): Promise<void> => {
    for (let times = 0; times < TIMES; times++) {
      const results = await applied(runtime);
      if (results !== undefined) read(runtime, subjects, results);
      else runtime.answers.push(`no answer: ${subjects.map(({ id }) => id).join(' ')}`);
      // Longer than a process that died is waited for.
      await runtime.pass(20 * MINUTE);
      if (results?.every(({ outcome }) => ['done', 'skipped'].includes(outcome.outcome))) return;
    }
  };
}

async function close(account: Account, id: string): Promise<void> {
  const SecurityGroupRuleIds = rulesOf(account, id)
    .filter(({ toPort }) => toPort === 22)
    .map((rule) => rule.id);
  await account.as('ec2', 'RevokeSecurityGroupIngress', { GroupId: id, SecurityGroupRuleIds });
}

/** What was planned is done, but for what has changed since; what came since is left to the next plan. */
export const sshApply: Scenario = {
  ...sshEvent,
  name: 'reeve apply: revoke-open-ssh',
  settings: YAML,
  async set(account) {
    const world = ['tcp 22 0.0.0.0/0', 'tcp 443 0.0.0.0/0'];
    const leave = (subject: Subject): Subject => ({ ...subject, allows: () => false });
    return [
      await group(account, 'one', world, 'remedy'),
      await group(account, 'two', ['tcp 22 ::/0'], 'remedy'),
      leave(await group(account, 'three-opened-anew', world, 'tell')),
      leave(await group(account, 'four-closed', world, 'leave')),
      leave(await group(account, 'five-exempt', world, 'leave')),
      leave(await group(account, 'six-late', ['tcp 443 0.0.0.0/0'], 'leave')),
    ];
  },
  async before(runtime) {
    const { account } = runtime;
    await plan(runtime);
    const items = plans.get(account)?.items ?? [];
    if (items.length !== 5) throw new Error(`${items.length} changes are planned`);
    const groups = [...ec2State.of(account.inside).groups.newest.values()];
    const named = (wanted: string) => groups.find(({ name }) => name === wanted)?.id ?? '';
    await close(account, named('three-opened-anew'));
    await open(account, named('three-opened-anew'), ['tcp 22 ::/0']);
    await close(account, named('four-closed'));
    const Tags = [{ Key: 'reeve:exempt', Value: 'T-1 until 2026-12-01' }];
    await account.as('ec2', 'CreateTags', { Resources: [named('five-exempt')], Tags });
    await open(account, named('six-late'), ['tcp 22 0.0.0.0/0']);
    account.events.splice(0);
  },
  play: until(apply),
  recover: until(apply),
};
