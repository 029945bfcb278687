// The same with the sums in PostgreSQL.   ROUNDS_METER_PG=50
process.env.KICAU_TEST_DATABASE = 'postgresql'
process.env.ROUNDS_METER = process.env.ROUNDS_METER_PG || 3
await import('./meter.test.mjs')
