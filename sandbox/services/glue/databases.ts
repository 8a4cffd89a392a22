import type * as glue from '@aws-sdk/client-glue';
import { AwsError } from '../../core/errors.ts';
import { operation } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';
import { catalogs, foldedName, onCatalog, pageOf } from './state.ts';

/** Makes a database in the account's own catalog; its location is not looked at. */
export const createDatabase = operation<glue.CreateDatabaseRequest, glue.CreateDatabaseResponse>({
  authorize: ({ DatabaseInput }, call) => onCatalog(call, `database/${DatabaseInput?.Name}`),
  run(input, call) {
    onlySupported(call, input, ['DatabaseInput']);
    const { DatabaseInput: given } = input;
    onlySupported(call, given ?? {}, ['Name', 'Description', 'LocationUri', 'Parameters']);
    const Name = foldedName(given?.Name, 'database');
    const known = catalogs.of(call);
    if (known.has(Name)) throw new AwsError('AlreadyExistsException', 'Database already exists.');
    const database = { ...given, Name, CreateTime: call.now, CatalogId: call.account };
    known.set(Name, { database, tables: new Map() });
    return {};
  },
});

export const getDatabases = operation<glue.GetDatabasesRequest, glue.GetDatabasesResponse>({
  authorize: (_input, call) => onCatalog(call, 'database/*'),
  run(input, call) {
    onlySupported(call, input, ['MaxResults', 'NextToken']);
    const all = [...catalogs.of(call).values()].map(({ database }) => database);
    const { items, more } = pageOf(all, input);
    return { DatabaseList: items, ...more };
  },
});
