import { oneOfThem } from './options.ts';
import type { Register } from './register.ts';

/** `reeve invoke`. */
export const registerInvoke: Register = (program, terminal, end) => {
  program
    .command('invoke')
    .description('Run a packaged function on an event file as Lambda would, on a simulated account')
    .argument('<policy>', oneOfThem())
    .argument('<event.json>', 'an event, - for standard input; samples are in events/')
    .option('--package <folder>', 'what npm run package wrote', '.serverless')
    .action(async (name: string, event: string, given: { package: string }) => {
      // Only here: every other command starts in half the time without the simulated account.
      const { invoke } = await import('../invoke.ts');
      end(await invoke(name, event, given, terminal));
    });
};
