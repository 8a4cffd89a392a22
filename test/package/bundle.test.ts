import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { plainSchemaKeys } from '../../esbuild.config.ts';

/** What a module exports, once it went through the build with these plugins. */
async function exported(
  module: string,
  plugins: (typeof plainSchemaKeys)[],
): Promise<Record<string, unknown>> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${module}';`, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    plugins,
  });
  const text = outputFiles[0]?.text ?? '';
  return import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
}

/** Schemas refer to each other by functions, to be compared by the name of what they give. */
function comparable(schema: unknown): unknown {
  if (typeof schema === 'function') return nameOf(schema());
  if (Array.isArray(schema)) return schema.map(comparable);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, comparable(value)]));
}

const nameOf = (schema: unknown): unknown => (Array.isArray(schema) ? schema[2] : schema);

it.each(['ec2', 'dynamodb', 'sns', 'sqs', 'ssm', 'sts', 'cloudtrail'])(
  'writing out the keys changes nothing about the schemas of %s',
  async (service) => {
    const module = `../../node_modules/@aws-sdk/client-${service}/dist-es/schemas/schemas_0.js`;

    const [before, after] = await Promise.all([exported(module, []), exported(module, [plainSchemaKeys])]);

    const names = Object.keys(before).filter((name) => name.endsWith('$'));
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(comparable(after[name]), name).toEqual(comparable(before[name]));
  },
);
