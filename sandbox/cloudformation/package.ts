import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Deployment } from './deploy.ts';

/** Reads what `serverless package` left in its folder: the template and the bundles. */
export function readPackage(folder: string): Required<Pick<Deployment, 'template' | 'artifacts'>> {
  const template = readFileSync(path.join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
  const zips = readdirSync(folder).filter((name) => name.endsWith('.zip'));
  const artifacts = Object.fromEntries(
    zips.map((name): [string, Uint8Array] => [name, readFileSync(path.join(folder, name))]),
  );
  return { template, artifacts };
}
