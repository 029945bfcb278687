// kill -9 on SQLite.   ROUNDS=200
import { torture } from './lib/rounds.mjs'

torture(Number(process.env.ROUNDS || 8))
