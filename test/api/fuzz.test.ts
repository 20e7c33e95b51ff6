import { expect, test } from 'vitest'
import { routes } from '../../src/http/routes/index.ts'
import { fuzz } from '../fuzz/run.ts'

// A run of a hundred thousand: npm run fuzz:http.
const REQUESTS = 3_000

test(`${REQUESTS} requests generated from the document: no fault of ours, one shape of refusal, no page and no stack`, {
  timeout: 300_000,
}, async () => {
  const found = await fuzz(REQUESTS, 20250701)
  expect(found.faults).toEqual([])
  // The generator reaches past the checks of the edge, and most routes to their end.
  expect(found.statuses[200]! / REQUESTS).toBeGreaterThan(0.1)
  expect(Object.keys(found.statuses).map(Number)).toEqual(
    expect.arrayContaining([200, 201, 400, 401, 403, 404, 405]),
  )
  expect(found.unasked).toEqual([])
  expect(found.operations).toBeGreaterThan(routes.length)
  expect(found.reached).toBeGreaterThan(found.operations * 0.6)
})
