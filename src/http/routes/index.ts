import type { Route } from '../route.ts'
import { batchRoute } from './batch.ts'
import { changesRoute } from './changes.ts'
import { convertAddressRoute, convertRoute } from './convert.ts'
import { coverageRoute } from './coverage.ts'
import { reverseCsvRoute, searchCsvRoute } from './csv.ts'
import { docsFileRoute, docsRoute } from './docs.ts'
import { healthz, readyz } from './health.ts'
import { householdChangeRoutes } from './householdChanges.ts'
import { householdsRoute } from './householdSearch.ts'
import { historyRoute, householdRoute } from './households.ts'
import { issuesRoute } from './issues.ts'
import { jobChangeRoutes } from './jobChanges.ts'
import { jobRoutes } from './jobs.ts'
import { keyRoutes } from './keys.ts'
import { metricsRoute } from './metrics.ts'
import { observationRoute } from './observations.ts'
import { openApiRoute } from './openapi.ts'
import { pingRoute } from './ping.ts'
import { postcodeRoute } from './postcodes.ts'
import { previewRoute } from './preview.ts'
import { publicationRoutes } from './publications.ts'
import { qrRoute } from './qr.ts'
import { reverseRoute } from './reverse.ts'
import { reviewCaseRoute, reviewQueueRoute } from './review.ts'
import { searchPostRoute, searchRoute, structuredRoute } from './search.ts'
import { unitBoundaryRoute } from './unitBoundary.ts'
import { unitRoute, unitsRoute } from './units.ts'
import { validateRoute } from './validate.ts'
import { encodeRoute, resolveRoute } from './vpostcodes.ts'
import { worklistRoute } from './worklist.ts'

/** Every route there is, in the order of the documentation. */
export const routes: readonly Route[] = [
  resolveRoute,
  qrRoute,
  encodeRoute,
  searchRoute,
  searchPostRoute,
  structuredRoute,
  reverseRoute,
  searchCsvRoute,
  reverseCsvRoute,
  validateRoute,
  convertRoute,
  convertAddressRoute,
  unitsRoute,
  unitRoute,
  unitBoundaryRoute,
  postcodeRoute,
  issuesRoute,
  batchRoute(() => routes),
  householdsRoute,
  householdRoute,
  historyRoute,
  reviewQueueRoute,
  reviewCaseRoute,
  worklistRoute,
  ...householdChangeRoutes,
  observationRoute,
  changesRoute,
  ...publicationRoutes,
  coverageRoute,
  pingRoute,
  ...keyRoutes,
  previewRoute,
  ...jobRoutes,
  ...jobChangeRoutes,
  healthz,
  readyz,
  metricsRoute,
  openApiRoute(() => routes),
  docsRoute,
  docsFileRoute,
]
