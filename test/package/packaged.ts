import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { type Bundle, buildAll } from '../../esbuild.config.ts';
import { oneAtATime } from '../support/one-at-a-time.ts';
import type { Template } from './check-template.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface Packaged {
  readonly bundles: readonly Bundle[];
  readonly template: Template;
  /** Files of a function's zip. */
  zip(policy: string): Readonly<Record<string, Uint8Array>>;
}

const BUILD = '.build/test';

/** Builds and packages as `npm run package` does, offline and with no credentials, in folders of its own. */
export async function packaged(config = 'reeve.yml'): Promise<Packaged> {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-package-'));
  const { bundles, mistakes } = await buildAll(join(ROOT, config), join(ROOT, BUILD));
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  await oneAtATime('packaging', async () => serverlessPackage(config, folder));
  const files = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  rmSync(folder, { recursive: true });
  const read = (name: string): Buffer => files.get(name) ?? Buffer.alloc(0);
  return {
    bundles,
    // CloudFormation's own format, checked by check-template.ts.
    template: JSON.parse(read('cloudformation-template-update-stack.json').toString()) as Template,
    zip: (policy) => unzipSync(read(`${policy}.zip`)),
  };
}

function serverlessPackage(config: string, folder: string): void {
  const { PATH, HOME } = process.env;
  const env = {
    PATH,
    HOME,
    REEVE_CONFIG: config,
    REEVE_BUILD: BUILD,
    SLS_TELEMETRY_DISABLED: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const serverless = join(ROOT, 'node_modules/.bin/serverless');
  execFileSync(process.execPath, [serverless, 'package', '--package', folder], {
    cwd: ROOT,
    env,
    stdio: 'pipe',
  });
}
