/** What can be wrong with a boundaries file. The list is closed; `code` is for programs, `detail` for people. */
export type BoundaryFaultCode =
  | 'not-geojson'
  | 'too-large'
  | 'missing-code'
  | 'unknown-code'
  | 'duplicate-code'
  | 'missing-commune'
  | 'not-a-polygon'
  | 'bad-ring'
  | 'not-degrees'
  | 'self-crossing'
  | 'overlap'

export interface BoundaryFault {
  readonly code: BoundaryFaultCode
  readonly detail: string
}

/** A GeoJSON of commune polygons that cannot be used; `faults` has every fault found. */
export class BoundaryFaults extends Error {
  readonly faults: readonly BoundaryFault[]
  constructor(source: string, faults: readonly BoundaryFault[]) {
    const shown = faults.slice(0, 20).map(({ code, detail }) => `  ${code}: ${detail}`)
    if (faults.length > shown.length) shown.push(`  and ${faults.length - shown.length} more`)
    super(`${source}: ${faults.length} fault(s) in the boundaries\n${shown.join('\n')}`)
    this.name = 'BoundaryFaults'
    this.faults = faults
  }
}
