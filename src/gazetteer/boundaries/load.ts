import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DataUnreadable } from '../sealed.ts'
import { readShared } from '../sharedFile.ts'
import type { Boundaries } from '../types.ts'
import { SHIPPED_INDEX } from './build.ts'
import { IMPORTED_INDEX } from './import.ts'
import { openIndex } from './indexFile.ts'

export interface LoadedBoundaries extends Boundaries {
  /** 12 hexadecimal digits: part of the version of the data. */
  readonly version: string
  /** Which boundaries are in use. */
  readonly use: 'shipped' | 'imported'
  /** The same for people: "imported from wards.geojson". */
  readonly origin: string
  /** The most that a border was moved when it was compiled. */
  readonly toleranceMetres: number
  /** Everything, in shared memory: a worker thread opens it with `boundariesFrom` without a copy. */
  readonly buffer: SharedArrayBuffer
}

/**
 * Loads the boundaries from the folder of the built gazetteer: the imported ones when there are any, else the shipped
 * ones. Throws `DataUnreadable` when the file is missing, damaged or made for other communes.
 */
export function loadBoundaries(
  dir: string,
  communes: readonly { readonly code: string }[],
): LoadedBoundaries {
  const imported = join(dir, IMPORTED_INDEX)
  const file = existsSync(imported) ? imported : join(dir, SHIPPED_INDEX)
  return boundariesFrom(readShared(file), communes, file, false)
}

/** Boundaries over a buffer that is already in memory; `trusted` skips its checksum. */
export function boundariesFrom(
  buffer: SharedArrayBuffer,
  communes: readonly { readonly code: string }[],
  source = 'boundaries',
  trusted = true,
): LoadedBoundaries {
  const { index, codes, version, use, origin, toleranceMetres } = openIndex(buffer, source, trusted)
  if (codes.length !== communes.length || communes.some(({ code }, at) => code !== codes[at])) {
    throw new DataUnreadable(source, 'made for other communes: build or import the boundaries again')
  }
  return {
    communeAt: (lat, lon) => index.at(lat, lon),
    communesWithin: (lat, lon, metres) => index.within(lat, lon, metres),
    distanceTo: (commune, lat, lon, limit) => index.distance(commune, lat, lon, limit),
    outline: (positions) => index.outline(positions),
    version,
    use,
    origin,
    toleranceMetres,
    buffer,
  }
}
