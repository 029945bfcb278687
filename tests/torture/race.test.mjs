import { race } from './lib/race.mjs'

race(100)
