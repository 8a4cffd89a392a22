import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { packageFor } from '../cli/demo/packaging.ts';
import type { Deployment } from '../sandbox/cloudformation/deploy.ts';
import { BARE_TEMPLATE } from './bare-template.ts';
import type { JobName } from './jobs/table.ts';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = '.build/bench';

/** One of the programs that are compared: how it is deployed, and its bundle. */
export interface Contender {
  readonly name: 'reeve' | 'bare';
  readonly functionName: string;
  readonly deployment: Pick<Deployment, 'template' | 'artifacts'>;
  readonly bundle: string;
  readonly bundleBytes: number;
  readonly zipBytes: number;
}

const POLICIES = {
  ssh: 'revoke-open-ssh',
  idle: 'stop-idle-instances',
  tags: 'enforce-tags',
  buckets: 'delete-stale-buckets',
} as const;

let packaged: ReturnType<typeof packageFor> | undefined;

/** Reeve as it is packaged for AWS, and the bare script of the same job bundled and zipped in the same way. */
export async function contenders(job: JobName): Promise<readonly Contender[]> {
  return [await reeve(job), await bare(job)];
}

async function reeve(job: JobName): Promise<Contender> {
  packaged ??= packageFor('bench/bench.yml', FOLDER);
  const deployment = await packaged;
  const policy = POLICIES[job];
  const zip = deployment.artifacts[`${policy}.zip`] ?? new Uint8Array();
  // A bucket waits for weeks between its mark and its end: what is measured is the emptying, with the function's role.
  const bundle = job === 'buckets' ? await bundled('emptier.ts') : join(ROOT, FOLDER, policy, 'handler.mjs');
  return {
    name: 'reeve',
    functionName: `reeve-main-${policy}`,
    deployment,
    bundle,
    bundleBytes: statSync(bundle).size,
    zipBytes: zip.byteLength,
  };
}

async function bare(job: JobName): Promise<Contender> {
  const bundle = await bundled(`bare/${job}.ts`);
  const contents = readFileSync(bundle);
  const zip = zipSync({ 'handler.mjs': contents }, { level: 9 });
  return {
    name: 'bare',
    functionName: 'bare',
    deployment: { template: BARE_TEMPLATE, artifacts: { 'bare.zip': zip } },
    bundle,
    bundleBytes: contents.byteLength,
    zipBytes: zip.byteLength,
  };
}

/** A program of this folder as plain JavaScript, so that no figure contains the reading of TypeScript. */
export async function bundled(file: string): Promise<string> {
  const outfile = join(ROOT, FOLDER, file.replace(/\.ts$/, '.mjs'));
  mkdirSync(dirname(outfile), { recursive: true });
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    write: false,
    logLevel: 'error',
  });
  writeFileSync(outfile, outputFiles[0]?.contents ?? '');
  return outfile;
}
