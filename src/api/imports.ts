// Imports: a CSV file of products, partners, orders, purchase orders or opening stock. Every row has its verdict; the good ones are taken, all at one place in the journal.
import { Type, type Static } from 'typebox';
import { IMPORT_COLUMNS, IMPORT_KINDS, IMPORT_ROWS_MAX, RowVerdict } from '../wire/import.ts';
import { actorOf, KeyHeader, keyOfRequest, type CommandAnswer } from './commands.ts';
import type { App, Context } from './context.ts';
import { readCsv } from './csv.ts';
import { Problem } from './problem.ts';

const FILE_BYTES_MAX = 4_194_304;

const Told = Type.Object({
  kind: Type.Enum([...IMPORT_KINDS]),
  dryRun: Type.Boolean(),
  rows: Type.Integer(),
  taken: Type.Integer({ description: 'Of a dry run: that would be.' }),
  refused: Type.Integer(),
  verdicts: Type.Array(RowVerdict),
});
const ImportJson = Type.Object({
  key: Type.String({ description: 'The Idempotency-Key under which it is known.' }),
  transactions: Type.Array(Type.String(), { description: 'Movements that it posted; see /v1/movements.' }),
  ...Told.properties,
});

const columnsText = IMPORT_KINDS.map((kind) => {
  const { needed, more } = IMPORT_COLUMNS[kind];
  return `* \`${kind}\`: ${needed.map((name) => `**${name}**`).join(', ')}, ${more.join(', ')}`;
}).join('\n');

export function importRoutes(app: App, { catalogue, commands }: Context): void {
  // The file is taken as bytes, so that a cell that is no UTF-8 can be told.
  app.register(async (scope) => {
    const files = scope as unknown as App;
    files.removeAllContentTypeParsers();
    files.addContentTypeParser('text/csv', { parseAs: 'buffer', bodyLimit: FILE_BYTES_MAX }, (_request, body, done) =>
      done(null, body),
    );
    files.post(
      '/v1/imports',
      {
        schema: {
          tags: ['imports'],
          summary: 'Import products, partners, orders, purchase orders or opening stock from a CSV file (UTF-8)',
          description: `The first line names the columns, in any order; \`,\`, \`;\` or tabs divide them. At most ${IMPORT_ROWS_MAX} rows. Those that make sense are
taken, the others told with line, column, code and what to do. \`dryRun=true\` is the same with nothing kept: it has the same verdicts.
${columnsText}
\`packs\` is written as \`case:12:09528450570764|pallet:480\`; \`gtin\` is that of the base unit. Of products and partners, what the file has no column for stays as it is.
Of orders and purchase orders each row is a line; what is said of the document stands in its first row, and may stand in the others alike. One is taken whole, or not at all.
Opening stock is \`adjust\` with the source \`import\`; what the books have at a place already is refused. What has tags is said EPC by EPC.`,
          querystring: Type.Object({
            site: Type.String(),
            kind: Type.Enum([...IMPORT_KINDS]),
            dryRun: Type.Optional(Type.Boolean({ default: false })),
          }),
          headers: KeyHeader,
          body: { content: { 'text/csv': { schema: Type.Unknown({ description: 'The file.' }) } } },
          response: { 200: ImportJson, default: Problem },
        },
      },
      async (request) => {
        const { site, kind, dryRun = false } = request.query;
        await catalogue.one(site);
        const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array();
        const rows = readCsv(bytes, IMPORT_COLUMNS[kind], IMPORT_ROWS_MAX);
        const command = { kind: 'import', what: kind, dryRun, rows } as const;
        return importJson(await commands.run(site, keyOfRequest(request), actorOf(request), command));
      },
    );
  });
}

function importJson({ key, transactions, detail }: CommandAnswer) {
  // What the machine answers to an import is its counts and verdicts.
  return { key, transactions, ...(detail as Static<typeof Told>) };
}
