import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { packageFor } from '../cli/demo/packaging.ts';
import type { Deployment } from '../sandbox/cloudformation/deploy.ts';
import { BARE_TEMPLATE } from './bare-template.ts';

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

/** Reeve as it is packaged for AWS, and the bare script bundled and zipped in the same way. */
export async function contenders(): Promise<readonly Contender[]> {
  return [await reeve(), await bare()];
}

async function reeve(): Promise<Contender> {
  const deployment = await packageFor('bench/bench.yml', FOLDER);
  const zip = deployment.artifacts['revoke-open-ssh.zip'] ?? new Uint8Array();
  const bundle = join(ROOT, FOLDER, 'revoke-open-ssh/handler.mjs');
  return {
    name: 'reeve',
    functionName: 'reeve-main-revoke-open-ssh',
    deployment,
    bundle,
    bundleBytes: statSync(bundle).size,
    zipBytes: zip.byteLength,
  };
}

async function bare(): Promise<Contender> {
  const bundle = await bundled('bare.ts');
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
  mkdirSync(join(ROOT, FOLDER), { recursive: true });
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
