import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import type { ZodType } from 'zod';
import { embed, embedService } from './shared/config/embed.ts';
import { readConfigFile } from './shared/config/file.ts';

const ROOT = import.meta.dirname;

/** Also read by serverless.functions.cjs: which configuration to embed, and where bundles go (inside this folder). */
const { REEVE_CONFIG = 'reeve.yml', REEVE_BUILD = '.build' } = process.env;

export interface Bundle {
  readonly policy: string;
  readonly file: string;
  readonly bytes: number;
}

/** Every folder of functions/ that has this file: a policy has a policy.ts, and every function a handler.ts. */
function foldersWith(file: string): readonly string[] {
  return readdirSync(join(ROOT, 'functions'))
    .filter((name) => existsSync(join(ROOT, 'functions', name, file)))
    .sort();
}

/** Bundles every policy that the configuration enables; the mistakes of a wrong one, a line each, and no bundle. */
export async function buildAll(
  configFile: string,
  outDir: string,
): Promise<{ readonly bundles: readonly Bundle[]; readonly mistakes: readonly string[] }> {
  const names = foldersWith('policy.ts');
  const schemas = new Map(
    await Promise.all(names.map(async (name) => [name, await schemaOf(name)] as const)),
  );
  const loaded = readConfigFile(configFile, schemas);
  if (!loaded.ok) return { bundles: [], mistakes: loaded.errors };
  const enabled = names.filter((name) => loaded.config.policies.has(name));
  const services = foldersWith('handler.ts').filter((name) => !names.includes(name));
  const settings = new Map([
    ...enabled.map((name): [string, unknown] => [name, embed(loaded.config, name)]),
    ...services.map((name): [string, unknown] => [name, embedService(loaded.config, name)]),
  ]);
  return { bundles: await bundleEach(settings, outDir), mistakes: [] };
}

async function schemaOf(policy: string): Promise<ZodType> {
  const module: { settings: ZodType } = await import(`./functions/${policy}/settings.ts`);
  return module.settings;
}

/**
 * Bundles each handler alone: `POLICY/handler.mjs`, and beside it `meta.json`, which says what is in it.
 * `settings` is, by policy, what `reeve.yml` says about it, checked and with its defaults; the bundle carries it.
 * One build of them all, so that what they share is parsed once; without `splitting` none has a piece of another.
 */
async function bundleEach(
  settings: ReadonlyMap<string, unknown>,
  outDir: string,
): Promise<readonly Bundle[]> {
  const policies = [...settings.keys()];
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: policies.map((policy) => ({ in: handlerOf(policy), out: `${policy}/handler` })),
    outdir: outDir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // The SDK's `main` is CommonJS, which cannot be shaken and asks for a `require` that ESM does not have.
    mainFields: ['module', 'main'],
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    plugins: [embeddedSettings(settings), waysBack, environmentCredentials, plainSchemaKeys],
  });
  return Promise.all(
    policies.map(async (policy) => {
      const file = join(outDir, policy, 'handler.mjs');
      const meta = metaOf(metafile, handlerOf(policy), relative(ROOT, file));
      await writeFile(join(outDir, policy, 'meta.json'), JSON.stringify(meta));
      return { policy, file, bytes: meta.outputs[relative(ROOT, file)]?.bytes ?? 0 };
    }),
  );
}

const handlerOf = (policy: string): string => `functions/${policy}/handler.ts`;

/** Of what esbuild tells about all bundles: one of them, and what its entry reaches over any number of imports. */
function metaOf({ inputs, outputs }: Metafile, entry: string, output: string): Metafile {
  const reached = new Set([entry]);
  // A set goes on with what it is given while it is walked.
  for (const file of reached) {
    for (const { path, external } of inputs[file]?.imports ?? []) if (!external) reached.add(path);
  }
  const of = <T>(all: Readonly<Record<string, T>>, is: (name: string) => boolean): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => is(name)));
  return { inputs: of(inputs, (name) => reached.has(name)), outputs: of(outputs, (name) => name === output) };
}

/** `import { embedded } from 'reeve:settings'` gives each handler its own settings as a plain object. */
function embeddedSettings(settings: ReadonlyMap<string, unknown>): Plugin {
  return {
    name: 'embedded-settings',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^reeve:settings$/ }, ({ importer }) => {
        const policy = [...settings.keys()].find((name) => importer === join(ROOT, handlerOf(name)));
        if (policy === undefined) return { errors: [{ text: 'Only a handler has settings of its own' }] };
        return { path: policy, namespace: 'settings' };
      });
      onLoad({ filter: /.*/, namespace: 'settings' }, ({ path }) => ({
        contents: `export const embedded = ${JSON.stringify(settings.get(path))};`,
      }));
    },
  };
}

/** `import { waysBack } from 'reeve:ways-back'` gives the undo function the way back of every policy there is. */
const waysBack: Plugin = {
  name: 'ways-back',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^reeve:ways-back$/ }, ({ path }) => ({ path, namespace: 'ways-back' }));
    onLoad({ filter: /.*/, namespace: 'ways-back' }, () => {
      const names = foldersWith('way-back.ts');
      const imports = names.map(
        (name, index) => `import { wayBack as w${index} } from './functions/${name}/way-back.ts';`,
      );
      const list = names.map((_, index) => `w${index}`).join(', ');
      return { contents: `${imports.join('\n')}\nexport const waysBack = [${list}];`, resolveDir: ROOT };
    });
  },
};

/** Lambda gives credentials by environment only; the default chain would bring SSO, profiles, processes and IMDS. */
const environmentCredentials: Plugin = {
  name: 'environment-credentials',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ path, resolveDir }) => ({
      path,
      namespace: 'environment-credentials',
      pluginData: resolveDir,
    }));
    onLoad({ filter: /.*/, namespace: 'environment-credentials' }, ({ pluginData }) => ({
      contents: `export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';`,
      resolveDir: pluginData,
    }));
  },
};

/**
 * Lets unused schemas of the SDK be dropped. They are object literals with computed keys, `{ [_xN]: … }`, which might
 * call a `toString`, so esbuild keeps them all: half a megabyte for EC2. The keys are constants of the same file; written
 * out, the very same objects are plain data.
 */
export const plainSchemaKeys: Plugin = {
  name: 'plain-schema-keys',
  setup({ onLoad }) {
    onLoad({ filter: /client-[a-z0-9-]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const constants = new Map(
        [...source.matchAll(/^const (\w+) = ("(?:[^"\\]|\\.)*");$/gm)].map(([, name, text]) => [name, text]),
      );
      return { contents: source.replace(/\[(\w+)\]:/g, (key, name) => `${constants.get(name) ?? key}:`) };
    });
  },
};

if (import.meta.filename === process.argv[1]) {
  const { bundles, mistakes } = await buildAll(REEVE_CONFIG, join(ROOT, REEVE_BUILD));
  for (const mistake of mistakes) console.error(mistake);
  for (const { policy, bytes } of bundles) console.log(`${policy}: ${Math.ceil(bytes / 1000)} KB`);
  if (mistakes.length > 0) process.exitCode = 1;
}
