import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { packageBuilt } from '../../cli/demo/packaging.ts';
import { readPackage } from '../../sandbox/cloudformation/package.ts';
import { packagedIn } from '../stack/packaged.ts';
import { oneAtATime } from '../support/one-at-a-time.ts';
import type { Template } from './check-template.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface Bundle {
  readonly policy: string;
  readonly bytes: number;
  /** The files that are in it, from the project's root. */
  readonly inputs: readonly string[];
}

/** What `npm run package` makes of the configuration that users start with, offline and with no credentials. */
export async function packaged() {
  const folder = await packagedIn('reeve.yml');
  const { template, artifacts } = readPackage(join(ROOT, folder, 'package'));
  const policies = readdirSync(join(ROOT, folder)).filter((name) => name !== 'package');
  return {
    template: templateOf(template),
    artifacts,
    bundles: policies.map((name) => bundleOf(folder, name)),
  };
}

/** The template alone of another configuration: it says nothing about what is in the bundles. */
export async function templateFor(config: string): Promise<Template> {
  const bundles = await packagedIn('reeve.yml');
  return oneAtATime('packaging', async () => {
    const into = '.build/template';
    const { template } = await packageBuilt(config, bundles, into);
    rmSync(join(ROOT, into), { recursive: true });
    return templateOf(template);
  });
}

// CloudFormation's own format, checked by check-template.ts.
const templateOf = (text: string | object) => JSON.parse(String(text)) as Template;

function bundleOf(folder: string, policy: string): Bundle {
  // Written by esbuild.
  const meta = JSON.parse(readFileSync(join(ROOT, folder, policy, 'meta.json'), 'utf8')) as Metafile;
  const [output] = Object.values(meta.outputs);
  return { policy, bytes: output?.bytes ?? Number.NaN, inputs: Object.keys(meta.inputs) };
}
