import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Deployment } from '../../sandbox/cloudformation/deploy.ts';
import { readPackage } from '../../sandbox/cloudformation/package.ts';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/**
 * Builds and packages the functions exactly as for AWS, with the given configuration, and reads what would be deployed.
 * `folder` is inside the project: `.build/demo`.
 */
export async function packageFor(
  config: string,
  folder: string,
): Promise<Required<Pick<Deployment, 'template' | 'artifacts'>>> {
  const { PATH = '', HOME = '' } = process.env;
  // No credentials: packaging needs none.
  const env = { PATH, HOME, REEVE_CONFIG: config, REEVE_BUILD: folder, SLS_TELEMETRY_DISABLED: '1' };
  await run(process.execPath, ['esbuild.config.ts'], { cwd: ROOT, env });
  const serverless = join(ROOT, 'node_modules/.bin/serverless');
  await run(process.execPath, [serverless, 'package', '--package', join(folder, 'package')], {
    cwd: ROOT,
    env,
  });
  return readPackage(join(ROOT, folder, 'package'));
}
