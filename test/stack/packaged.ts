import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { packageFor } from '../../cli/demo/packaging.ts';
import { readPackage } from '../../sandbox/cloudformation/package.ts';
import { oneAtATime } from '../support/one-at-a-time.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Everything that the packaged artifact depends on, besides its configuration. */
const SOURCES = [
  'functions/**/*.{ts,yml}',
  'shared/**/*.{ts,yml}',
  'serverless.yml',
  'serverless.functions.cjs',
  'esbuild.config.ts',
  'package-lock.json',
];

/** What `npm run package` writes for a configuration, packaged again only when one of its sources has changed. */
export async function packaged(config: string): Promise<ReturnType<typeof readPackage>> {
  return readPackage(join(ROOT, await packagedIn(config), 'package'));
}

/** The folder inside the project that has the bundles of a configuration and, in `package`, what would be deployed. */
export async function packagedIn(config: string): Promise<string> {
  const kept = join('.build/stack', digestOf(config));
  return oneAtATime('packaging', async () => {
    if (!existsSync(join(ROOT, kept))) {
      const unfinished = `${kept}-unfinished`;
      rmSync(join(ROOT, unfinished), { recursive: true, force: true });
      await packageFor(config, unfinished);
      renameSync(join(ROOT, unfinished), join(ROOT, kept));
    }
    return kept;
  });
}

function digestOf(config: string): string {
  const hash = createHash('sha256');
  for (const name of [...globSync(SOURCES, { cwd: ROOT }).sort(), config]) {
    hash.update(`${name}\n`).update(readFileSync(join(ROOT, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
