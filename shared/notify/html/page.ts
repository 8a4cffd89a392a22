import { createHash } from 'node:crypto';
import type { RunReport } from '../../engine/outcome.ts';
import { count, dollars } from './amounts.ts';
import { figures } from './figures.ts';
import { Html, html } from './html.ts';
import { policySection } from './policy-section.ts';
import { STYLE } from './style.ts';

/** What a page says about itself. */
export interface PageAbout {
  /** Whose account, as people call it, and who looked. */
  readonly account: string;
  readonly as: string;
  /** Tag that names owners. */
  readonly ownerTag: string;
}

/** Only this very style sheet; no script, no font, no picture, no form, nothing from anywhere (B6.23). */
const SECURITY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** One self-contained page about the runs of one sweep, to be opened, mailed or printed. */
export function reportPage(reports: readonly RunReport[], about: PageAbout): string {
  const title = `Reeve: ${about.account}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(SECURITY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
${opening(reports, about)}
${tiles(reports)}
${figures(reports, about.ownerTag)}
${asides(reports)}
${reports.map(policySection)}
${places(reports)}
<footer>Resources in order are counted, not listed. Savings are of list prices and of what has a known price.</footer>
</main>
</body>
</html>
`.text;
}

function opening(reports: readonly RunReport[], { account, as }: PageAbout): Html {
  const times = reports.flatMap(({ startedAt, finishedAt }) => [startedAt.getTime(), finishedAt.getTime()]);
  const enforced = reports.some(({ mode }) => mode === 'enforce');
  const mode = enforced
    ? html`<span class="mode enforce">enforce: what is out of policy was remedied</span>`
    : html`<span class="mode">dry run: nothing was changed</span>`;
  const when = times.length === 0 ? '' : `${stamp(Math.min(...times))} to ${stamp(Math.max(...times))} UTC`;
  return html`<h1>Account ${account}</h1>
<p class="soft">${when}, as ${as}</p>
<p>${mode}</p>`;
}

function stamp(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

function tiles(reports: readonly RunReport[]): Html {
  const sum = (of: (counts: RunReport['counts']) => number) =>
    reports.reduce((total, { counts }) => total + of(counts), 0);
  const violations = reports.flatMap(({ results }) =>
    results.flatMap(({ verdict, outcome }) =>
      verdict.verdict === 'violation' ? [{ verdict, outcome }] : [],
    ),
  );
  const savings = violations.flatMap(({ verdict }) =>
    typeof verdict.monthlySaving === 'number' ? [verdict.monthlySaving] : [],
  );
  const would = violations.filter(({ outcome }) => outcome.code === 'report-mode').length;
  const all: readonly (readonly [string, string])[] = [
    [count(sum(({ scanned }) => scanned)), 'looked at'],
    [count(sum((counts) => counts.violations)), 'out of policy'],
    [count(sum(({ done }) => done)), 'remedied'],
    ...(would > 0 ? [[count(would), 'would be remedied'] as const] : []),
    [count(sum(({ failed, queued }) => failed + queued)), 'failed or still to come'],
    [count(sum(({ exempt }) => exempt)), 'exempt'],
    [count(sum(({ unknown }) => unknown)), 'cannot be told'],
    ...(savings.length > 0
      ? [[dollars(savings.reduce((total, one) => total + one, 0)), 'a month, when all is remedied'] as const]
      : []),
  ];
  return html`<div class="tiles">${all.map(([amount, name]) => html`<div class="tile"><b>${amount}</b><span class="soft">${name}</span></div>`)}</div>`;
}

function asides(reports: readonly RunReport[]): readonly Html[] {
  const unread = reports.flatMap(({ missing }) =>
    missing.flatMap(({ ref, why, reason }) => (why === 'gone' ? [] : [`${ref.id}: ${reason}`])),
  );
  return [
    aside(
      'person',
      'Needs a person',
      reports.flatMap(({ pages }) => pages),
    ),
    aside(
      '',
      'Warnings',
      reports.flatMap(({ warnings }) => warnings),
    ),
    aside('', 'Could not be read', unread),
  ];
}

function aside(kind: string, title: string, lines: readonly string[]): Html {
  if (lines.length === 0) return html``;
  const shown = lines.slice(0, 100);
  const more = lines.length - shown.length;
  return html`<aside class="${kind}"><b>${title}</b><ul>${shown.map((line) => html`<li>${line}</li>`)}</ul>${more > 0 ? html`<p class="soft">And ${more} more.</p>` : html``}</aside>
`;
}

/** Regions with nothing in them are named too: an empty list may be the wrong region. */
function places(reports: readonly RunReport[]): Html {
  const rows = reports.flatMap(({ policy, places: looked }) => looked.map((place) => ({ policy, ...place })));
  return html`<section><header><h2>Where Reeve looked</h2></header><div class="scroll"><table>
<thead><tr><th>Policy</th><th>Account</th><th>Region</th><th>Looked at</th><th>In order</th><th></th></tr></thead>
<tbody>
${rows.map(
  ({
    policy,
    account,
    region,
    scanned,
    compliant,
    state,
    reason,
  }) => html`<tr><td>${policy}</td><td>${account}</td><td>${region}</td><td>${scanned}</td><td>${compliant}</td><td class="note">${state === 'scanned' && reason === undefined ? '' : `${state}: ${reason ?? ''}`}</td></tr>
`,
)}</tbody></table></div></section>`;
}
