import Table from 'cli-table3';
import { BORDERLESS, trimmed } from '../../cli/render/borderless.ts';
import type { Violation } from './stage/audit.ts';

/** What one part of a run of the reliability checks came to. */
export interface Part {
  readonly name: string;
  /** Points of a matrix, accounts drawn, simulated hours, or bad inputs. */
  readonly tried: number;
  /** Faults that struck. */
  readonly faults: number;
  readonly done: number;
  readonly violations: readonly Violation[];
}

const HEAD = ['', 'tried', 'faults', 'actions', 'wrong', 'lost', 'doubled', 'other'];

/** The parts as a table, with a sum. */
export function tableOf(parts: readonly Part[]): string {
  const colAligns = HEAD.map((_, column): 'left' | 'right' => (column === 0 ? 'left' : 'right'));
  const table = new Table({ ...BORDERLESS, head: HEAD, colAligns });
  const sum = (of: (part: Part) => number) => parts.reduce((total, part) => total + of(part), 0);
  const whole: Part = {
    name: 'all',
    tried: sum(({ tried }) => tried),
    faults: sum(({ faults }) => faults),
    done: sum(({ done }) => done),
    violations: parts.flatMap(({ violations }) => violations),
  };
  for (const part of [...parts, whole]) table.push(rowOf(part));
  return trimmed(table);
}

function rowOf({ name, tried, faults, done, violations }: Part): string[] {
  const of = (wanted: Violation['invariant']) =>
    violations.filter(({ invariant }) => invariant === wanted).length;
  const named = [of('wrong'), of('lost'), of('doubled')];
  const other = violations.length - named.reduce((total, count) => total + count, 0);
  return [name, ...[tried, faults, done, ...named, other].map(String)];
}
