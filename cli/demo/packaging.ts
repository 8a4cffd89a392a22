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
  await run(process.execPath, ['esbuild.config.ts'], { cwd: ROOT, env: environmentFor(config, folder) });
  return packageBuilt(config, folder, join(folder, 'package'));
}

/** Packages the bundles that are in `folder` already, into another folder inside the project. */
export async function packageBuilt(
  config: string,
  folder: string,
  into: string,
): Promise<Required<Pick<Deployment, 'template' | 'artifacts'>>> {
  const serverless = join(ROOT, 'node_modules/.bin/serverless');
  await run(process.execPath, [serverless, 'package', '--package', into], {
    cwd: ROOT,
    env: environmentFor(config, folder),
  });
  return readPackage(join(ROOT, into));
}

function environmentFor(config: string, folder: string) {
  const { PATH = '', HOME = '' } = process.env;
  return {
    // No credentials: packaging needs none.
    PATH,
    HOME,
    REEVE_CONFIG: config,
    REEVE_BUILD: folder,
    SLS_TELEMETRY_DISABLED: '1',
    // serverless starts in three quarters of the time when its modules were compiled before.
    NODE_COMPILE_CACHE: join(ROOT, '.build/compiled'),
    // esbuild is done within seconds: collecting garbage all the while costs it a third of them.
    GOGC: 'off',
    GOMEMLIMIT: '1GiB',
  };
}
