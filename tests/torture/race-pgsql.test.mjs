import { race } from './lib/race.mjs'

process.env.KICAU_TEST_DATABASE = 'postgresql'
race(100)
