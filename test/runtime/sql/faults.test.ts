import assert from 'node:assert/strict';
import test from 'node:test';
import { databaseFault } from '#runtime/sql/faults';

const error = (fields: object, message = 'x') => Object.assign(new Error(message), fields);
const sqlite = (errcode: number) => error({ code: 'ERR_SQLITE_ERROR', errcode });

test('a database that is away or busy is told from one that refuses, is full, read-only or damaged, and from a mistake', () => {
  const faults = {
    database: [
      ...['ECONNREFUSED', '57P01', '25P03', '57014', '40001', '40P01', '08006', '53300'].map((code) => error({ code })),
      ...['timeout exceeded when trying to connect', 'Query read timeout', 'Client was closed and is not queryable'].map((m) =>
        error({}, m),
      ),
      sqlite(5),
      sqlite(261),
    ],
    'database-read-only': [error({ code: '25006' }), sqlite(8), sqlite(264)],
    'database-full': [error({ code: '53100' }), sqlite(13)],
    'database-refused': ['28P01', '28000', '3D000', '42501'].map((code) => error({ code })),
    'database-damaged': [sqlite(11), sqlite(26), sqlite(266)],
    undefined: [sqlite(1), error({ code: '42601' }), error({ code: '25001' }), 'a text'],
  };
  for (const [fault, thrown] of Object.entries(faults))
    for (const one of thrown) assert.equal(String(databaseFault(one)), fault, String(one));
});
