import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { describePostgres } from './postgresServer.ts'

/** Several nodes and workers as real processes. The clusters are made here, whatever server is given for other tests. */

describePostgres(
  'postgres, nodes and workers',
  () => {
    test('a worker and a node are killed and the primary is restarted in a load: nothing is lost or doubled, the replica answers on', () => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--import', 'tsx', 'scripts/bench/nodes.ts', '3000', '0'],
        { encoding: 'utf8', timeout: 280_000 },
      )
      expect(stderr).toBe('')
      const { nothingLostOrDoubled, troubled } = JSON.parse(stdout)
      expect(troubled).toMatchObject({
        ...{
          state: 'done',
          rows: 3000,
          resultRows: 3000,
          insertedTwice: 0,
          provincesWithGaps: 0,
          partsUndone: 0,
        },
        households: troubled.expectedHouseholds,
      })
      expect(troubled.away.reads).toBeGreaterThan(0)
      expect(troubled.away.readsAnswered).toBe(troubled.away.reads)
      expect(troubled.away.notReady).toBeGreaterThan(0)
      expect([status, nothingLostOrDoubled]).toEqual([0, true])
    }, 300_000)
  },
  { own: true },
)
