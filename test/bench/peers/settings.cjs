// Node-RED as `peers.ts` runs it: no editor, one flow, and the database that its function node writes to.
const pg = require(process.env.PG_MODULE);

module.exports = {
  httpAdminRoot: false,
  httpNodeRoot: false,
  flowFile: process.env.FLOW_FILE,
  credentialSecret: false,
  functionGlobalContext: { database: new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 }) },
  logging: { console: { level: 'warn' } },
};
