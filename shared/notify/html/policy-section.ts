import type { Result, RunReport } from '../../engine/outcome.ts';
import { bySeverity } from '../../engine/severity.ts';
import { count, dollars } from './amounts.ts';
import { consoleLink } from './console-link.ts';
import { fateOf } from './figures.ts';
import { type Html, html } from './html.ts';

/** A page with more rows than this is read by nobody and slow for everybody (B6.33). */
const MOST_ROWS = 1_000;

/** One policy's part of the page: what it counted, and a row for everything that is not in order. */
export function policySection(report: RunReport): Html {
  const { counts } = report;
  const rows = report.results
    .filter(({ verdict }) => verdict.verdict !== 'compliant')
    .toSorted((one, other) => bySeverity(one.verdict, other.verdict));
  const more = Math.max(0, rows.length - MOST_ROWS) + report.omitted;
  return html`<section>
<header><h2>${report.title}</h2>
<p class="soft">${report.policy}: ${count(counts.scanned)} looked at, ${count(counts.compliant)} in order, ${count(counts.violations)} out of policy, ${count(counts.exempt)} exempt, ${count(counts.unknown)} unknown. Run <code>${report.run}</code>, ${report.state}.</p></header>
${rows.length === 0 ? html`` : table(rows.slice(0, MOST_ROWS))}
${more === 0 ? html`` : html`<header><p class="soft">And ${count(more)} more, which --format json lists.</p></header>`}</section>
`;
}

function table(rows: readonly Result[]): Html {
  return html`<table class="findings">
<thead><tr><th>Verdict</th><th>Resource</th><th>Where</th><th>Why</th><th>What became of it</th></tr></thead>
<tbody>
${rows.map(row)}</tbody></table>`;
}

function row(result: Result): Html {
  const { resource, verdict, account, region, notes } = result;
  const label = verdict.verdict === 'violation' ? verdict.severity : verdict.verdict;
  const named = resource.name !== undefined && resource.name !== resource.id;
  const advice = verdict.verdict === 'violation' ? verdict.advice : [];
  return html`<tr>
<td><span class="badge b-${label}">${label}</span></td>
<td class="what">${linked(result)}${named ? html`<p class="note">${resource.name ?? ''}</p>` : html``}</td>
<td>${region}<p class="note">${account}</p></td>
<td class="why">${verdict.reason}${[...advice, ...notes].map((note) => html`<p class="note">${note}</p>`)}${price(result)}</td>
<td class="became">${became(result)}${takenBack(result)}</td>
</tr>
`;
}

function linked({ resource, ...place }: Result): Html {
  const link = consoleLink(resource.type, resource.id, place);
  const id = html`<code>${resource.id}</code>`;
  return link === undefined ? id : html`<a href="${link}" rel="noopener noreferrer">${id}</a>`;
}

function price({ verdict }: Result): Html {
  const saving = verdict.verdict === 'violation' ? verdict.monthlySaving : undefined;
  if (saving === undefined) return html``;
  const amount = saving === 'unknown' ? 'an unknown amount' : `${dollars(saving)} a month`;
  return html`<p class="note">Saves ${amount}.</p>`;
}

function became(result: Result): Html {
  const { verdict, outcome } = result;
  const remedy = verdict.verdict === 'violation' ? verdict.remedy : undefined;
  if (fateOf(result) === 'would' && remedy) return html`Would be done: ${remedy.summary}`;
  if (outcome.reason === verdict.reason) return html`Left alone.`;
  const heading = { done: 'Done', skipped: 'Left alone', failed: 'Failed', queued: 'Queued' }[
    outcome.outcome
  ];
  return html`${heading}: ${outcome.reason}`;
}

function takenBack({ verdict, outcome }: Result): Html {
  const remedy = verdict.verdict === 'violation' ? verdict.remedy : undefined;
  if (remedy === undefined || (outcome.outcome !== 'done' && outcome.code !== 'report-mode')) return html``;
  const id =
    outcome.outcome === 'done' && /^[\w.:-]{1,100}$/.test(outcome.journalId) ? outcome.journalId : '';
  const command = id === '' ? html`` : html`<p><code>npx reeve undo ${id}</code></p>`;
  return html`${command}<p class="note">${remedy.undo}</p>`;
}
