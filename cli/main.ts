import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { safe } from '../shared/notify/escape.ts';
import { apply } from './apply.ts';
import { check } from './check.ts';
import { duration } from './duration.ts';
import { BadInput, EXIT, type ExitCode } from './exit.ts';
import { type HistoryOptions, history } from './history.ts';
import { invoke } from './invoke.ts';
import { pending } from './pending.ts';
import { plan } from './plan.ts';
import { policyNames } from './policies.ts';
import { redrive } from './redrive.ts';
import { FORMATS, type Format } from './render/findings.ts';
import { sweep } from './sweep.ts';
import { tagPolicy } from './tag-policy.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { undo } from './undo.ts';

/** Runs one command line; answers the exit code and never throws for what a user can cause. */
export async function main(
  words: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = build(terminal, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return code;
  } catch (error) {
    terminal.progress('');
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
    if (error instanceof BadInput) {
      for (const line of error.lines) terminal.err(`reeve: ${line}`);
      return EXIT.badInput;
    }
    terminal.err(`reeve: ${safe(error instanceof Error ? error.message : String(error))}`);
    if (process.env.REEVE_DEBUG && error instanceof Error) {
      for (const line of (error.stack ?? '').split('\n')) terminal.err(safe(line));
    }
    return EXIT.partial;
  }
}

interface Common {
  readonly config: string;
  readonly format: Format;
}

function build(terminal: Terminal, end: (code: ExitCode) => void): Command {
  const program = new Command('reeve')
    .description('Keeps AWS accounts inside policy. Dry run by default.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      // "error: unknown option '--enforc'" becomes "reeve: unknown option …".
      writeErr: (text) =>
        terminal.err(
          text
            .trimEnd()
            .replace(/^error: /, 'reeve: ')
            .replace(/\n/g, ' '),
        ),
    });
  const policy = ['<policy>', `one of: ${policyNames().join(', ')}`] as const;

  common(program.command('sweep'))
    .description('Look at everything a policy watches; change nothing unless told to')
    .argument('[policy]', policy[1])
    .option('--all', 'all policies of the configuration', false)
    .option('--enforce', 'remedy what is out of policy', false)
    .option('--region <region>', 'look here; may be given several times', collect, [])
    .option('--all-regions', 'look in every region that the account has enabled', false)
    .option('--profile <name>', 'AWS profile to use')
    .option('--journal <table or file.jsonl>', 'where changes are written down before they are made')
    .option('--accept-fewer', 'say that far fewer than last time is right, after you have looked', false)
    .option('--report <file or folder>', 'write a page for people, with pictures')
    .option('--force', 'overwrite that page', false)
    .action(async (name: string | undefined, given: Common & SweepFlags) => {
      const { region: regions, all, ...options } = given;
      if (all === (name !== undefined)) {
        throw new BadInput(`sweep takes a policy or --all; policies are ${policyNames().join(', ')}`);
      }
      if (all && given.acceptFewer)
        throw new BadInput('--accept-fewer takes one policy: the one that you looked at');
      const { stop, release } = stopOnInterrupt(terminal);
      const chosen = { profile: undefined, journal: undefined, ...options, regions, stop };
      end(await sweep(name, chosen, terminal).finally(release));
    });

  program
    .command('plan')
    .exitOverride()
    .description('Look like a sweep, change nothing, and write down what would be changed')
    .argument('[policies...]', policy[1])
    .option('--all', 'all policies of the configuration', false)
    .requiredOption('--out <file or folder>', 'where the plan is written')
    .option('--force', 'overwrite the file', false)
    .option('--config <file>', 'configuration', 'reeve.yml')
    .option('--region <region>', 'look here; may be given several times', collect, [])
    .option('--all-regions', 'look in every region that the account has enabled', false)
    .option('--profile <name>', 'AWS profile to use')
    .action(async (names: readonly string[], given: PlanFlags) => {
      const { region: regions, all, ...options } = given;
      if (all === names.length > 0) {
        throw new BadInput(`plan takes policies or --all; policies are ${policyNames().join(', ')}`);
      }
      const { stop, release } = stopOnInterrupt(terminal);
      const chosen = { profile: undefined, ...options, regions, stop };
      end(await plan(all ? undefined : names, chosen, terminal).finally(release));
    });

  program
    .command('apply')
    .exitOverride()
    .description('Do what a plan says and nothing else; without --yes only show what would be done by now')
    .argument('<plan.json>', 'what reeve plan wrote')
    .option('--yes', 'do it', false)
    .addOption(
      new Option('--max-age <time>', 'refuse an older plan').argParser(duration).default(3_600_000, '1h'),
    )
    .option('--config <file>', 'configuration', 'reeve.yml')
    .option('--profile <name>', 'AWS profile to use')
    .option('--journal <table or file.jsonl>', 'where changes are written down before they are made')
    .action(async (file: string, { maxAge: maxAgeMs, ...given }: ApplyFlags) => {
      const { stop, release } = stopOnInterrupt(terminal);
      const chosen = { profile: undefined, journal: undefined, ...given, maxAgeMs, stop };
      end(await apply(file, chosen, terminal).finally(release));
    });

  program
    .command('redrive')
    .exitOverride()
    .description('Show what functions could not handle, and give it back to them')
    .argument('[policies...]', `${policy[1]}, or undo`)
    .option('--all', 'all policies of the configuration', false)
    .option('--dry-run', 'only show it', false)
    .option('--max <number>', 'at most so many', wholeNumber, 1000)
    .option('--stack <name>', 'which stack, where Reeve is deployed more than once')
    .option('--config <file>', 'configuration', 'reeve.yml')
    .option('--region <region>', 'region that Reeve is deployed in')
    .option('--profile <name>', 'AWS profile to use')
    .action(async (names: readonly string[], { all, max: most, ...given }: RedriveFlags) => {
      if (all === names.length > 0) {
        throw new BadInput(
          `redrive takes policies, undo, or --all; policies are ${policyNames().join(', ')}`,
        );
      }
      const { stop, release } = stopOnInterrupt(terminal);
      const chosen = { profile: undefined, region: undefined, stack: undefined, ...given, most, stop };
      end(await redrive(all ? undefined : names, chosen, terminal).finally(release));
    });

  common(program.command('check'))
    .description('Judge saved answers of the AWS CLI, offline and without credentials')
    .argument(...policy)
    .requiredOption(
      '--from <file>',
      'a saved answer, - for standard input; may be given several times',
      collect,
    )
    .option('--region <region>', 'region of the answers, where they do not tell')
    .action(async (name: string, given: Common & { from: string[]; region?: string }) => {
      end(await check(name, { region: undefined, ...given }, terminal));
    });

  journaled(program.command('history'))
    .description('What Reeve changed, newest first; with an id that entry or run alone')
    .argument('[entry or run]', 'the id of an entry, shown whole, or of a run')
    .option('--since <time>', 'a span (7d, 12h) or a time in ISO 8601; otherwise 7d')
    .option('--until <time>', 'the same; otherwise now')
    .option('--resource <id or arn>', 'only this resource')
    .option('--policy <policy>', policy[1])
    .option('--run <id>', 'only this run')
    .option('--limit <number>', 'show at most so many', '100')
    .option('--json', 'one array of whole entries', false)
    .option('--ids', 'only the ids of the entries, a line each', false)
    .action(async (id: string | undefined, given: Partial<HistoryOptions>) => {
      end(await history(id, { ...NO_HISTORY_OPTIONS, ...given }, terminal));
    });

  program
    .command('pending')
    .exitOverride()
    .description('What is going to be done and when, and what is excused until when; changes nothing')
    .option('--policy <policy>', `${policy[1]}; may be given several times, otherwise all`, collect, [])
    .option('--region <region>', 'look here; may be given several times', collect, [])
    .option('--all-regions', 'look in every region that the account has enabled', false)
    .option('--profile <name>', 'AWS profile to use')
    .option('--journal <table or file.jsonl>', 'the journal; otherwise the deployed stack’s')
    .option('--config <file>', 'configuration', 'reeve.yml')
    .addOption(
      new Option('--within <time>', 'which exemptions end soon')
        .argParser(duration)
        .default(7 * 86_400_000, '7d'),
    )
    .option('--json', 'one array instead of text', false)
    .action(async (given: PendingFlags) => {
      const { policy: policies, region: regions, within: withinMs, ...options } = given;
      const { stop, release } = stopOnInterrupt(terminal);
      const chosen = {
        profile: undefined,
        journal: undefined,
        ...options,
        policies,
        regions,
        withinMs,
        stop,
      };
      end(await pending(chosen, terminal).finally(release));
    });

  journaled(program.command('undo'))
    .description('Take a change, or all changes of a run, back; without --yes only show what would be done')
    .argument('<entry or run>', 'an id, as reeve history shows it')
    .option('--yes', 'do it', false)
    .option('--dry-run', 'only show it, as without --yes', false)
    .option('--reason <text>', 'why, for the journal')
    .option('--force', 'open again what a security policy closed; needs --reason', false)
    .addOption(
      new Option('--exempt-for <time>', 'so long the policy leaves it as it is')
        .argParser(duration)
        .default(86_400_000, '1d'),
    )
    .option('--config <file>', 'configuration', 'reeve.yml')
    .action(async (id: string, { exemptFor: exemptMs, ...given }: UndoFlags) => {
      const { stop, release } = stopOnInterrupt(terminal);
      const nothing = { journal: undefined, profile: undefined, region: undefined, reason: undefined };
      end(await undo(id, { ...nothing, ...given, exemptMs, stop }, terminal).finally(release));
    });

  program
    .command('invoke')
    .exitOverride()
    .description('Run a packaged function on an event file as Lambda would, on a simulated account')
    .argument(...policy)
    .argument('<event.json>', 'an event, - for standard input; samples are in events/')
    .option('--package <folder>', 'what npm run package wrote', '.serverless')
    .action(async (name: string, event: string, given: { package: string }) => {
      end(await invoke(name, event, given, terminal));
    });

  program
    .command('tag-policy')
    .exitOverride()
    .description('Print a tag policy of AWS Organizations as tags of enforce-tags, for reeve.yml')
    .argument('<policy.json>', 'the policy as it is written or as it is in effect, - for standard input')
    .action((file: string) => end(tagPolicy(file, terminal)));

  return program;
}

interface UndoFlags {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly reason?: string;
  readonly exemptFor: number;
  readonly config: string;
  readonly journal?: string;
  readonly profile?: string;
  readonly region?: string;
}

/** What is not given is not there. */
const NO_HISTORY_OPTIONS: HistoryOptions = {
  journal: undefined,
  profile: undefined,
  region: undefined,
  since: undefined,
  until: undefined,
  resource: undefined,
  policy: undefined,
  run: undefined,
  limit: '100',
  json: false,
  ids: false,
};

/** Which journal, and with whose credentials. */
function journaled(command: Command): Command {
  return command
    .exitOverride()
    .option('--journal <table or file.jsonl>', 'the journal; otherwise the deployed stack’s')
    .option('--region <region>', 'where Reeve is deployed; otherwise your default region')
    .option('--profile <name>', 'AWS profile to use');
}

interface SweepFlags {
  readonly report?: string;
  readonly force: boolean;
  readonly all: boolean;
  readonly enforce: boolean;
  readonly acceptFewer: boolean;
  readonly region: string[];
  readonly allRegions: boolean;
  readonly profile?: string;
  readonly journal?: string;
}

interface PlanFlags {
  readonly all: boolean;
  readonly out: string;
  readonly force: boolean;
  readonly config: string;
  readonly region: string[];
  readonly allRegions: boolean;
  readonly profile?: string;
}

interface PendingFlags {
  readonly policy: string[];
  readonly region: string[];
  readonly allRegions: boolean;
  readonly within: number;
  readonly config: string;
  readonly json: boolean;
  readonly journal?: string;
  readonly profile?: string;
}

interface RedriveFlags {
  readonly all: boolean;
  readonly dryRun: boolean;
  readonly max: number;
  readonly stack?: string;
  readonly config: string;
  readonly region?: string;
  readonly profile?: string;
}

interface ApplyFlags {
  readonly yes: boolean;
  readonly maxAge: number;
  readonly config: string;
  readonly profile?: string;
  readonly journal?: string;
}

function common(command: Command): Command {
  return command
    .exitOverride()
    .option('--config <file>', 'configuration', 'reeve.yml')
    .addOption(new Option('--format <format>', 'how findings are printed').choices(FORMATS).default('table'));
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new InvalidArgumentError('expected a whole number from 1');
  return Number(value);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  if (value.trim() === '') throw new InvalidArgumentError('it is empty');
  return [...before, value];
}

/** As a shell tells of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/** The first Ctrl-C lets what is begun end well; the second breaks off, and only lets go of what is held. */
function stopOnInterrupt(terminal: Terminal): { readonly stop: AbortSignal; release(): void } {
  const controller = new AbortController();
  const interrupted = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
    terminal.err('Stopping after what is under way; press Ctrl-C again to break off.');
  };
  process.on('SIGINT', interrupted);
  return { stop: controller.signal, release: () => void process.off('SIGINT', interrupted) };
}
