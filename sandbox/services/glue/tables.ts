import type * as glue from '@aws-sdk/client-glue';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';
import { type Catalogued, catalogs, foldedName, onCatalog, pageOf } from './state.ts';

const MEMBERS = ['Name', 'Description', 'StorageDescriptor', 'PartitionKeys', 'TableType', 'Parameters'];
const STORED = ['Columns', 'Location', 'AdditionalLocations', 'InputFormat', 'OutputFormat', 'SerdeInfo'];

/** Writes a table into a database; whether anything lies at its location is not looked at. */
export const createTable = operation<glue.CreateTableRequest, glue.CreateTableResponse>({
  authorize: ({ DatabaseName: name, TableInput }, call) =>
    onCatalog(call, `database/${name}`, `table/${name}/${TableInput?.Name}`),
  run(input, call) {
    onlySupported(call, input, ['DatabaseName', 'TableInput']);
    const { DatabaseName, TableInput: given } = input;
    onlySupported(call, given ?? {}, MEMBERS);
    onlySupported(call, given?.StorageDescriptor ?? {}, STORED);
    const { database, tables } = databaseNamed(DatabaseName, call);
    const Name = foldedName(given?.Name, 'table');
    if (tables.has(Name)) throw new AwsError('AlreadyExistsException', 'Table already exists.');
    const made = { CreateTime: call.now, UpdateTime: call.now, CatalogId: call.account, VersionId: '0' };
    tables.set(Name, { ...given, Name, DatabaseName: database.Name, ...made });
    return {};
  },
});

export const getTables = operation<glue.GetTablesRequest, glue.GetTablesResponse>({
  authorize: ({ DatabaseName: name }, call) => onCatalog(call, `database/${name}`, `table/${name}/*`),
  run(input, call) {
    onlySupported(call, input, ['DatabaseName', 'MaxResults', 'NextToken']);
    const { items, more } = pageOf(databaseNamed(input.DatabaseName, call).tables.values(), input);
    return { TableList: items, ...more };
  },
});

function databaseNamed(name: string | undefined, call: Call): Catalogued {
  const found = catalogs.of(call).get((name ?? '').toLowerCase());
  if (!found) throw new AwsError('EntityNotFoundException', `Database ${name} not found.`);
  return found;
}
