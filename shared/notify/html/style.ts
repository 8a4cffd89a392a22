/** The style sheet of a report: light, dark and paper; nothing is loaded from anywhere. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1d2433; --soft: #5d677a; --paper: #f5f6f9; --card: #ffffff; --line: #e2e5ec;
  --critical: #8c1d40; --high: #cf3b37; --medium: #d98a1f; --low: #3f7fc1; --done: #2f8f5b; --would: #5b6fd6;
  --open: #cf3b37; --left: #9aa3b2; --exempt: #76b7a6; --unknown: #d8b13c; --link: #2a5bd7; --on: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaf1; --soft: #9aa5b8; --paper: #12161f; --card: #1a202c;
  --line: #2c3444; --critical: #d0507f; --high: #ec6a66; --medium: #e9a94d; --low: #6ea6e0; --done: #52b883;
  --would: #8b9bf0; --open: #ec6a66; --left: #697386; --exempt: #5f9f8f; --unknown: #c9a43c; --link: #8fb0ff; --on: #12161f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 36px 28px 64px; }
h1 { font-size: 27px; margin: 0 0 4px; letter-spacing: -.01em; }
h2 { font-size: 19px; margin: 0; }
p { margin: 4px 0; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
code { font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.mode { display: inline-block; padding: 1px 10px; border-radius: 99px; font-size: 13px; border: 1px solid var(--line); }
.mode.enforce { background: var(--done); border-color: var(--done); color: var(--on); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(128px, 1fr)); gap: 14px; margin: 26px 0; }
.tile, section, figure, aside { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.tile { padding: 14px 16px; }
.tile b { display: block; font-size: 23px; line-height: 1.3; font-variant-numeric: tabular-nums; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(460px, 1fr)); gap: 14px; margin: 0 0 26px; }
figure { margin: 0; padding: 18px 20px 12px; }
figcaption { font-weight: 600; margin-bottom: 10px; }
svg { display: block; width: 100%; height: auto; }
svg text { font-size: 14px; fill: var(--ink); }
svg .label { text-anchor: end; fill: var(--soft); }
svg .value { font-weight: 600; }
svg .track { fill: var(--paper); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 10px 0 0; padding: 0; font-size: 13px;
  color: var(--soft); }
.legend i { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 6px; }
aside { padding: 14px 20px; margin: 0 0 14px; border-left: 5px solid var(--unknown); }
aside.person { border-left-color: var(--high); }
aside ul { margin: 6px 0 2px; padding-left: 20px; }
section { margin: 0 0 22px; overflow: hidden; }
section header { padding: 16px 20px 12px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-size: 12px; text-transform: uppercase; letter-spacing: .04em; color: var(--soft); font-weight: 600; }
th, td { padding: 9px 12px; border-top: 1px solid var(--line); vertical-align: top; }
th:first-child, td:first-child { padding-left: 20px; }
td p { margin: 0 0 3px; }
td { overflow-wrap: anywhere; }
.findings th:nth-child(1) { width: 118px; } .findings th:nth-child(2) { width: 200px; }
.findings th:nth-child(3) { width: 134px; } .findings th:nth-child(5) { width: 30%; }
.note { color: var(--soft); font-size: 13px; }
.badge { display: inline-block; white-space: nowrap; padding: 1px 9px; border-radius: 99px; font-size: 12.5px; font-weight: 600;
  color: var(--on); }
.b-critical { background: var(--critical); } .b-high { background: var(--high); } .b-medium { background: var(--medium); }
.b-low { background: var(--low); } .b-exempt { background: var(--exempt); } .b-unknown { background: var(--unknown); }
.b-compliant { background: var(--done); }
.k-critical { fill: var(--critical); background: var(--critical); } .k-high { fill: var(--high); background: var(--high); }
.k-medium { fill: var(--medium); background: var(--medium); } .k-low { fill: var(--low); background: var(--low); }
.k-done { fill: var(--done); background: var(--done); } .k-would { fill: var(--would); background: var(--would); }
.k-open { fill: var(--open); background: var(--open); } .k-left { fill: var(--left); background: var(--left); }
.k-exempt { fill: var(--exempt); background: var(--exempt); } .k-unknown { fill: var(--unknown); background: var(--unknown); }
footer { color: var(--soft); font-size: 13px; margin-top: 30px; }
@media screen and (max-width: 820px) { main { padding: 20px 12px; } .charts { grid-template-columns: 1fr; }
  .findings thead { display: none; } .findings tr { display: block; padding: 12px 20px; border-top: 1px solid var(--line); }
  .findings td, .findings td:first-child { display: block; border: 0; padding: 2px 0; } }
@media print { :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; }
  body { font-size: 11px; } main { max-width: none; padding: 0; } .tile, section, figure, aside { border-radius: 0; }
  tr, figure, .tile { break-inside: avoid; } section { overflow: visible; } .scroll { overflow: visible; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
