import { Counter, collectDefaultMetrics, Registry } from 'prom-client'
import type { Counted } from '../http/metrics.ts'

/** Counts what belongs to the process that starts the others. */
export function countProcess(name: string): { died(): void; counted(): Promise<Counted> } {
  const register = new Registry()
  collectDefaultMetrics({ register, labels: { process: name } })
  const deaths = new Counter({
    name: 'vpostcode_process_deaths_total',
    help: 'Processes that answered HTTP, died and were started again',
    registers: [register],
  })
  return { died: () => deaths.inc(), counted: () => register.getMetricsAsJSON() }
}
