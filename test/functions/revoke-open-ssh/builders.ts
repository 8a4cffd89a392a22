import { type Facts, NO_FACTS } from '../../../functions/revoke-open-ssh/facts.ts';
import { judge } from '../../../functions/revoke-open-ssh/judge.ts';
import type { CloseIngress } from '../../../functions/revoke-open-ssh/remedy.ts';
import type { Rule, SecurityGroup, Source } from '../../../functions/revoke-open-ssh/rule.ts';
import { type Settings, settings } from '../../../functions/revoke-open-ssh/settings.ts';
import type { Violation } from '../../../shared/engine/verdict.ts';

/** `tcp 22 0.0.0.0/0`, `tcp 20-25 ::/0`, `-1 sg-1`, `icmp 22/0 pl-1`, with an optional id in front: `sgr-1=tcp …`. */
export function rule(text: string, extra: Partial<Rule> = {}): Rule {
  const [, id, protocol = '', from, to, source = ''] =
    /^(?:(sgr-\w+)=)?(\S+)(?: (-?\d+)(?:[-/](-?\d+))?)? (\S+)$/.exec(text) ?? [];
  return {
    id: id ?? `sgr-${text.replace(/\W+/g, '')}`,
    protocol,
    fromPort: from === undefined ? undefined : Number(from),
    toPort: from === undefined ? undefined : Number(to ?? from),
    source: sourceOf(source),
    description: undefined,
    tags: new Map(),
    ...extra,
  };
}

function sourceOf(text: string): Source {
  if (text.startsWith('pl-')) return { kind: 'prefix-list', id: text };
  return text.startsWith('sg-') ? { kind: 'security-group', id: text } : { kind: 'cidr', cidr: text };
}

export function group(rules: readonly (string | Rule)[], extra: Partial<SecurityGroup> = {}): SecurityGroup {
  return {
    type: 'AWS::EC2::SecurityGroup',
    id: 'sg-1',
    arn: 'arn:aws:ec2:eu-central-1:111122223333:security-group/sg-1',
    name: 'web',
    tags: new Map(),
    vpcId: 'vpc-1',
    ownerId: '111122223333',
    ownedHere: true,
    callerAddress: undefined,
    ...extra,
    rules: rules.map((one) => (typeof one === 'string' ? rule(one) : one)),
  };
}

export function set(given: unknown = {}): Settings {
  return settings.parse(given);
}

export interface Case {
  readonly group?: Partial<SecurityGroup>;
  readonly facts?: Partial<Facts>;
  readonly settings?: object;
}

export function verdictOn(rules: readonly (string | Rule)[], given: Case = {}) {
  return judge(group(rules, given.group), { ...NO_FACTS, ...given.facts }, set(given.settings));
}

/** The violation that these rules are; fails when they are none. */
export function violationBy(rules: readonly (string | Rule)[], given: Case = {}): Violation<CloseIngress> {
  const verdict = verdictOn(rules, given);
  if (verdict.verdict !== 'violation') throw new Error(`not a violation: ${verdict.reason}`);
  return verdict;
}

/** What becomes of each rule, in the order of the rules; `keep` for those that the verdict does not name. */
export function fates(rules: readonly string[], given: Case = {}): readonly string[] {
  const verdict = verdictOn(rules, given);
  return rules.map((text) => {
    const named = verdict.evidence.find(({ ruleId }) => ruleId === rule(text).id);
    return typeof named?.treatment === 'string' ? named.treatment : 'keep';
  });
}
