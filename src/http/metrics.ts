import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type Lag, lagOf } from '../bulk/subscribe/state.ts'
import type { LoadedGazetteer } from '../gazetteer/load.ts'
import type { ProblemCode } from './problems.ts'

/** What one process counted, to be added to what others did. */
export type Counted = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

/** Counts what the API does, for Prometheus. No label holds anything that a client can choose. */
export interface Metrics {
  /** One request that ended: `route` is its pattern, null when nothing has the address. */
  request(method: string, route: string | null, status: number, seconds: number): void
  problem(code: ProblemCode): void
  /** How well an address was understood; `route` as the pattern of its path. */
  grade(route: string, grade: string): void
  counted(): Promise<Counted>
  /** All of the service in Prometheus' text format. */
  text(): Promise<string>
}

/** What is asked of the database at each scrape; cheap, whatever its size. */
export interface Stock {
  countJobs(): Promise<Record<string, number>>
  provinceTallies(): Promise<
    { provinceCode: string; coded: number; visit: number; review: number; verified: number }[]
  >
  /** What is noted of a copy of a registry elsewhere; absent for a registry of its own. */
  copy?(): string
}

/** Seconds: from a look-up to a long upload. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'])

/**
 * The metrics of this process, named in the label `process` of what belongs to one.
 * @param everywhere asks all processes of the service; without it this is the only one.
 */
export function createMetrics(
  gazetteer: LoadedGazetteer,
  stock: Stock,
  name: string,
  everywhere?: () => Promise<Counted[]>,
): Metrics {
  const own = new Registry()
  const registers = [own]
  collectDefaultMetrics({ register: own, labels: { process: name } })
  const requests = new Histogram({
    name: 'vpostcode_http_request_duration_seconds',
    help: 'Requests by route pattern and status class, with the time they took',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers,
  })
  const problems = new Counter({
    name: 'vpostcode_http_problems_total',
    help: 'Refusals by the code of their problem',
    labelNames: ['code'],
    registers,
  })
  const grades = new Counter({
    name: 'vpostcode_grades_total',
    help: 'Addresses by how well they were understood: A exact to D not understood',
    labelNames: ['route', 'grade'],
    registers,
  })
  const stocks = stockRegistry(gazetteer, stock)
  /** Looking a series up by its labels costs more than counting. */
  const series = new Map<string, { observe(seconds: number): void }>()

  return {
    request(method, route, status, seconds) {
      const key = `${method} ${route} ${status}`
      let one = series.get(key)
      if (!one) {
        one = requests.labels({
          method: METHODS.has(method) ? method : 'other',
          route: route ?? 'none',
          status: `${Math.floor(status / 100)}xx`,
        })
        // The methods that Node reads and the statuses that are answered are few.
        series.set(key, one)
      }
      one.observe(seconds)
    },
    problem: (code) => problems.inc({ code }),
    grade: (route, grade) => grades.inc({ route, grade }),
    counted: () => own.getMetricsAsJSON(),
    async text() {
      const all = everywhere ? await everywhere() : [await own.getMetricsAsJSON()]
      return `${await AggregatorRegistry.aggregate(all).metrics()}\n${await stocks.metrics()}`
    },
  }
}

/** What is the same in every process: asked of the one that answers. */
function stockRegistry(gazetteer: LoadedGazetteer, stock: Stock): Registry {
  const registry = new Registry()
  const registers = [registry]
  new Gauge({
    name: 'vpostcode_index_items',
    help: 'Units and street names that are known',
    labelNames: ['index'],
    registers,
    collect() {
      this.set({ index: 'communes' }, gazetteer.communes.length)
      this.set({ index: 'former-communes' }, gazetteer.formerCommunes.length)
      this.set({ index: 'street-names' }, gazetteer.streetNames.length)
    },
  })
  new Gauge({
    name: 'vpostcode_index_bytes',
    help: 'Size of what is kept in memory to answer',
    labelNames: ['index'],
    registers,
    collect() {
      const { boundaries, layers } = gazetteer.shared
      this.set({ index: 'boundaries' }, boundaries.byteLength)
      this.set(
        { index: 'street-layers' },
        layers.reduce((sum, { byteLength }) => sum + byteLength, 0),
      )
    },
  })
  new Gauge({
    name: 'vpostcode_jobs',
    help: 'Jobs by state',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset()
      for (const [state, jobs] of Object.entries(await stock.countJobs())) this.set({ state }, jobs)
    },
  })
  new Gauge({
    name: 'vpostcode_households',
    help: 'Households by province: with a code, waiting for a visit or for a decision, and those of them that are verified',
    labelNames: ['province', 'state'],
    registers,
    async collect() {
      this.reset()
      for (const { provinceCode: province, ...tally } of await stock.provinceTallies())
        for (const state of ['coded', 'visit', 'review', 'verified'] as const)
          this.set({ province, state }, tally[state])
    },
  })
  const { copy } = stock
  if (copy) {
    const lag = (name: string, help: string, of: (lag: Lag) => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          const now = lagOf(copy(), Date.now())
          if (now) this.set(of(now))
        },
      })
    lag(
      'vpostcode_copy_lag_seconds',
      'What happened at the source earlier than so is in this copy',
      (now) => now.seconds,
    )
    lag(
      'vpostcode_copy_lag_changes',
      'Changes that the source had more when it was heard last',
      (now) => now.changes,
    )
  }
  return registry
}
