import { InvalidArgumentError, Option } from 'commander';
import { duration } from '../duration.ts';
import { policyNames } from '../policies.ts';
import { FORMATS } from '../render/findings.ts';

/** What several commands take alike, for `.option(...X)`. */
export const CONFIG = ['--config <file>', 'configuration', 'reeve.yml'] as const;
export const ALL = ['--all', 'all policies of the configuration', false] as const;
export const REGIONS = ['--region <region>', 'look here; may be given several times', collect, []] as const;
export const ALL_REGIONS = [
  '--all-regions',
  'look in every region that the account has enabled',
  false,
] as const;
export const PROFILE = ['--profile <name>', 'AWS profile to use'] as const;

const JOURNAL = '--journal <table or file.jsonl>';
/** Of a command that changes something. */
export const JOURNAL_TO_WRITE = [JOURNAL, 'where changes are written down before they are made'] as const;
/** Of a command that looks into the journal. */
export const JOURNAL_TO_READ = [JOURNAL, 'the journal; otherwise the deployed stack’s'] as const;
export const STACK_REGION = [
  '--region <region>',
  'where Reeve is deployed; otherwise your default region',
] as const;

/** How findings are printed. */
export function format(): Option {
  return new Option('--format <format>', 'how findings are printed').choices(FORMATS).default('table');
}

/** A span of time (`90m`, `7d`), ms; `usual` where it is not given, as people write it. */
export function span(flags: string, about: string, usual: string): Option {
  return new Option(flags, about).argParser(duration).default(duration(usual), usual);
}

/** The policies that there are, for the help. */
export function oneOfThem(): string {
  return `one of: ${policyNames().join(', ')}`;
}

/** A whole number from 1. */
export function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new InvalidArgumentError('expected a whole number from 1');
  return Number(value);
}

/** An option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  if (value.trim() === '') throw new InvalidArgumentError('it is empty');
  return [...before, value];
}
