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
  readonly metafile: Metafile;
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
  const bundles = await Promise.all([
    ...enabled.map((name) => bundle(name, embed(loaded.config, name), outDir)),
    ...services.map((name) => bundle(name, embedService(loaded.config, name), outDir)),
  ]);
  return { bundles, mistakes: [] };
}

async function schemaOf(policy: string): Promise<ZodType> {
  const module: { settings: ZodType } = await import(`./functions/${policy}/settings.ts`);
  return module.settings;
}

/**
 * Bundles one handler alone: `POLICY/handler.mjs`, and beside it `meta.json`, which says what is in it.
 * `settings` is what `reeve.yml` says about the policy, checked and with its defaults; the bundle carries it.
 */
export async function bundle(policy: string, settings: unknown, outDir: string): Promise<Bundle> {
  const file = join(outDir, policy, 'handler.mjs');
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [join('functions', policy, 'handler.ts')],
    outfile: file,
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
  await writeFile(join(outDir, policy, 'meta.json'), JSON.stringify(metafile));
  return { policy, file, bytes: metafile.outputs[relative(ROOT, file)]?.bytes ?? 0, metafile };
}

/** `import { embedded } from 'reeve:settings'` gives the handler its settings as a plain object. */
function embeddedSettings(settings: unknown): Plugin {
  return {
    name: 'embedded-settings',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^reeve:settings$/ }, ({ path }) => ({ path, namespace: 'reeve' }));
      onLoad({ filter: /.*/, namespace: 'reeve' }, () => ({
        contents: `export const embedded = ${JSON.stringify(settings)};`,
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
