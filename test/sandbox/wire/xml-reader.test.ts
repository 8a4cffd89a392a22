import { describe, expect, it } from 'vitest';
import { s3 } from '../../../sandbox/services/s3/service.ts';
import { modelOf } from '../../../sandbox/wire/model.ts';
import type { Structure } from '../../../sandbox/wire/shape.ts';
import { readXml } from '../../../sandbox/wire/xml-reader.ts';

async function shapeOf(operation: string, member: string): Promise<Structure> {
  const input = (await modelOf(s3)).operation(operation)?.input;
  const found =
    input?.kind === 'structure' ? input.members.find(({ name }) => name === member)?.shape : undefined;
  if (found?.kind !== 'structure') throw new Error(`${operation} has no structure ${member}`);
  return found;
}
const read = async (xml: string | Uint8Array) =>
  readXml(await shapeOf('DeleteObjects', 'Delete'), typeof xml === 'string' ? Buffer.from(xml) : xml);

describe('what it reads', () => {
  it.each([
    [
      '<Delete><Object><Key>a</Key></Object><Quiet>true</Quiet></Delete>',
      { Objects: [{ Key: 'a' }], Quiet: true },
    ],
    [
      '<?xml version="1.0"?>\n<!-- x -->\n<Delete xmlns="http://s3"> <Object ><Key>a</Key></Object >\n</Delete>\n',
      { Objects: [{ Key: 'a' }] },
    ],
    [
      '<Delete><Object><Key> a &lt;&amp;&#x0D;&#10;&quot;&apos; </Key></Object></Delete>',
      { Objects: [{ Key: ' a <&\r\n"\' ' }] },
    ],
    [
      '<Delete><Object><Key/></Object><Object><Key>😀</Key></Object></Delete>',
      { Objects: [{ Key: '' }, { Key: '😀' }] },
    ],
    ['<Delete><Object><Key>a\r\nb</Key></Object></Delete>', { Objects: [{ Key: 'a\nb' }] }],
    ['<Delete/>', {}],
  ])('%s', async (xml, value) => {
    expect(await read(xml)).toEqual(value);
  });

  it('attributes that the schema knows', async () => {
    const shape = await shapeOf('PutBucketAcl', 'AccessControlPolicy');
    const grantee =
      '<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>u</URI></Grantee>';
    const xml = `<AccessControlPolicy><AccessControlList><Grant>${grantee}</Grant></AccessControlList></AccessControlPolicy>`;
    expect(readXml(shape, Buffer.from(xml))).toEqual({ Grants: [{ Grantee: { Type: 'Group', URI: 'u' } }] });
  });
});

it.each([
  ['nothing', ''],
  ['no XML', 'hello'],
  ['an end too early', '<Delete><Object>'],
  ['crossed elements', '<Delete><Object></Delete></Object>'],
  ['something behind the end', '<Delete/><Delete/>'],
  ['an unknown element', '<Delete><Colour>red</Colour></Delete>'],
  ['an unknown attribute', '<Delete colour="red"/>'],
  ['an element given twice', '<Delete><Quiet>true</Quiet><Quiet>true</Quiet></Delete>'],
  ['a text that is no boolean', '<Delete><Quiet>perhaps</Quiet></Delete>'],
  ['an element inside a text', '<Delete><Quiet><b/></Quiet></Delete>'],
  ['an unknown entity', '<Delete><Object><Key>&nbsp;</Key></Object></Delete>'],
  ['a bare ampersand', '<Delete><Object><Key>a&b</Key></Object></Delete>'],
  ['a forbidden character', '<Delete><Object><Key>a\u0001</Key></Object></Delete>'],
  ['a reference to one', '<Delete><Object><Key>&#1;</Key></Object></Delete>'],
  ['a reference to half a character', '<Delete><Object><Key>&#xD83D;</Key></Object></Delete>'],
  ['a document type', '<!DOCTYPE x><Delete/>'],
])('%s is MalformedXML', async (_what, xml) => {
  await expect(read(xml)).rejects.toMatchObject({ code: 'MalformedXML' });
});

it('bytes that are no UTF-8 are MalformedXML', async () => {
  const xml = Buffer.concat([
    Buffer.from('<Delete><Object><Key>'),
    Buffer.from([0xff]),
    Buffer.from('</Key></Object></Delete>'),
  ]);
  await expect(read(xml)).rejects.toMatchObject({ code: 'MalformedXML' });
});
