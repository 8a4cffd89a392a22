import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Deployment } from './deploy.ts';

/** Reads what `serverless package` left in its folder: the template, the bundles, and the tags that it would deploy with. */
export function readPackage(folder: string): Required<Pick<Deployment, 'template' | 'artifacts' | 'tags'>> {
  const template = readFileSync(path.join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
  const zips = readdirSync(folder).filter((name) => name.endsWith('.zip'));
  const artifacts = Object.fromEntries(
    zips.map((name): [string, Uint8Array] => [name, readFileSync(path.join(folder, name))]),
  );
  return { template, artifacts, tags: tagsIn(path.join(folder, 'serverless-state.json')) };
}

function tagsIn(file: string): Readonly<Record<string, string>> {
  if (!existsSync(file)) return {};
  // Boundary: what serverless itself wrote.
  const { service } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly service: {
      readonly provider: { readonly stage: string; readonly stackTags?: Readonly<Record<string, string>> };
    };
  };
  return { STAGE: service.provider.stage, ...service.provider.stackTags };
}
