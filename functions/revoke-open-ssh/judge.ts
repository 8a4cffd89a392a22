import type { Evidence, Severity, Verdict } from '../../shared/engine/verdict.ts';
import { adviceFor } from './advice.ts';
import { type Assessment, assess, type Breadth, type Unclear } from './assess.ts';
import type { Facts } from './facts.ts';
import { type CloseIngress, remedyFor } from './remedy.ts';
import { ruleText, type SecurityGroup, sourceText } from './rule.ts';
import type { Settings } from './settings.ts';
import { type Treated, treat } from './treat.ts';

/** No public address may reach a watched TCP port through this group, by any form of rule. Pure. */
export function judge(group: SecurityGroup, facts: Facts, settings: Settings): Verdict<CloseIngress> {
  const assessment = assess(group.rules, facts.prefixLists, settings);
  if (assessment.concerns.length > 0) return violation(group, facts, settings, assessment);
  if (assessment.unclear.length > 0) return unknown(group, assessment.unclear);
  const ports = settings.ports.map(({ port }) => port).join(', ');
  return {
    verdict: 'compliant',
    reasonCode: 'not-open',
    reason: `${nameOf(group)} does not let the world reach port ${ports}.`,
    evidence: [],
  };
}

function violation(
  group: SecurityGroup,
  facts: Facts,
  settings: Settings,
  assessment: Assessment,
): Verdict<CloseIngress> {
  const hands = handsOff(group, facts, settings);
  const wanted = treat(assessment.concerns, facts, settings);
  const treated = hands === undefined ? wanted : wanted.map((one) => onlyTold(one, hands));
  const remedy = remedyFor(group, treated);
  const breadth = BREADTHS.find((one) => treated.some((rule) => rule.breadth === one)) ?? 'mapped';
  return {
    verdict: 'violation',
    reasonCode: reasonCode(treated, breadth),
    reason: reason(group, treated, breadth),
    severity: severity(breadth, facts),
    evidence: [...treated.map(evidence), ...assessment.unclear.map(unclearEvidence)],
    remedy,
    advice: adviceFor(group, treated, assessment, facts, remedy),
  };
}

const BREADTHS: readonly Breadth[] = ['world', 'wide', 'mapped'];

/** Why this group is not ours to change, whatever its rules say. */
function handsOff(group: SecurityGroup, facts: Facts, { sharedGroups }: Settings): string | undefined {
  if (!group.ownedHere) return `account ${group.ownerId} owns the group`;
  if (/^FMManaged/.test(group.name ?? '')) {
    return 'Firewall Manager manages the group and would put the rule back';
  }
  if (sharedGroups === 'alert' && facts.otherVpcs.length > 0) return 'other VPCs use the group too (setting)';
  return undefined;
}

function onlyTold(treated: Treated, why: string): Treated {
  return { ...treated, treatment: 'alert', why, closing: [] };
}

/** Shielded openings are one change away from exposure: told lower, never left out (B3.46). */
function severity(breadth: Breadth, { shield }: Facts): Severity {
  if (breadth === 'mapped') return 'low';
  if (breadth === 'wide') return shield === undefined ? 'medium' : 'low';
  return shield === undefined ? 'high' : 'medium';
}

const WHO: Readonly<Record<Breadth, { readonly code: string; readonly text: string }>> = {
  world: { code: 'world', text: 'the whole internet' },
  wide: { code: 'wide-range', text: 'a large part of the internet' },
  mapped: { code: 'mapped-range', text: 'every IPv4 address written as IPv6' },
};

function reasonCode(treated: readonly Treated[], breadth: Breadth): string {
  const ssh = treated.some(({ ports }) => ports.includes(22));
  return `${ssh ? 'ssh' : 'admin-port'}-open-to-${WHO[breadth].code}`;
}

function reason(group: SecurityGroup, treated: readonly Treated[], breadth: Breadth): string {
  const ports = [...new Set(treated.flatMap((one) => one.ports))].sort((a, b) => a - b);
  const rules = treated.map(({ rule }) => ruleText(rule));
  return `${nameOf(group)} lets ${WHO[breadth].text} reach port ${ports.join(', ')}: ${rules.join('; ')}.`;
}

function evidence({ rule, treatment, why }: Treated): Evidence {
  return {
    ruleId: rule.id ?? null,
    protocol: rule.protocol,
    fromPort: rule.fromPort ?? null,
    toPort: rule.toPort ?? null,
    source: sourceText(rule.source),
    description: rule.description ?? null,
    treatment,
    why,
  };
}

function unclearEvidence({ rule, why }: Unclear): Evidence {
  return evidence({ rule, why, treatment: 'alert', breadth: 'mapped', ports: [], closing: [] });
}

function unknown(group: SecurityGroup, unclear: readonly Unclear[]): Verdict<CloseIngress> {
  const whys = [...new Set(unclear.map(({ why }) => why))];
  return {
    verdict: 'unknown',
    reasonCode: 'not-readable',
    reason: `It cannot be told whether ${nameOf(group)} is open to the world: ${whys.join('; ')}.`,
    evidence: unclear.map(unclearEvidence),
  };
}

function nameOf({ id, name }: SecurityGroup): string {
  return name === undefined ? id : `${id} (${name})`;
}
