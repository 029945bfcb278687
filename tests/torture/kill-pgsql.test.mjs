// kill -9 on PostgreSQL.   ROUNDS_PG=50
import { torture } from './lib/rounds.mjs'

process.env.KICAU_TEST_DATABASE = 'postgresql'
torture(Number(process.env.ROUNDS_PG || 3))
