// A licensee whose last month can be invoiced: what it used is written into the database as the meter would have.
export function lastMonth () {
  const now = new Date()
  const start = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)
  return { start, name: new Date(start).toISOString().slice(0, 7), days: (Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1) - start) / 86400000 }
}

// The server books and invoices what is over within seconds of its next start.
export function useLastMonth (server, licensee, { posts = 100, cost = posts * 5000 } = {}) {
  const { start, days } = lastMonth()
  server.sql(`UPDATE licensee_plans SET starts_at = ${start} WHERE licensee_id = ${licensee}`)
  server.sql('INSERT INTO usage_days (licensee_id, day, app_id, terms, posts_extra, cost_micro) ' +
    `SELECT ${licensee}, ${start / 86400000 + days - 1}, 1, plan_id, ${posts}, ${cost} FROM licensee_plans WHERE licensee_id = ${licensee}`)
  server.sql(`DELETE FROM licensee_books WHERE licensee_id = ${licensee}`) // a server that is slow to start may have booked these days by now
}

export async function restart (server) {
  await server.stop()
  server.exit = null
  server.stopping = false
  await server.start()
}
