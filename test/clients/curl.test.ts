import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cellsOf } from '../../src/bulk/cells.ts'
import { startServer } from '../../src/http/server.ts'
import { openTestApi } from '../api/support.ts'
import { describeClient, run, type Service, startService } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-curl-'))
let service: Service
beforeAll(async () => {
  service = await startService()
  writeFileSync(
    join(folder, 'search.csv'),
    'nom,adresse,postcode,city\nQuán A,14 Hàng Trống,11024,Hà Nội\nQuán B,Lê Lợi,71009,TP Hồ Chí Minh\nQuán C,,,\n',
  )
  writeFileSync(
    join(folder, 'reverse.csv'),
    'name,latitude,longitude\nA,21.03135,105.84942\nB,10.7721,106.6983\n',
  )
})
afterAll(async () => {
  await service.close()
  rmSync(folder, { recursive: true })
})

/** The command lines of the French documentation, with the address of this service; answers rows by header. */
async function curl(command: string) {
  const args = command
    .replace('curl ', '')
    .replace('https://api-adresse.data.gouv.fr', `http://${service.host}/v1`)
  const { stdout } = await run('curl', ['-sS', ...args.split(' ')], { cwd: folder })
  const [header, ...rows] = stdout.trimEnd().split('\n')
  const names = cellsOf(header!, ',')
  return rows.map((row) => Object.fromEntries(cellsOf(row, ',').map((cell, i) => [names[i]!, cell])))
}

await describeClient(
  'curl',
  async () => (await run('curl', ['--version'])).stdout,
  () => {
    // adresse.data.gouv.fr/api-doc/adresse, "/search/csv/"
    test('the whole file', async () => {
      const rows = await curl('curl -X POST -F data=@search.csv https://api-adresse.data.gouv.fr/search/csv/')
      expect(rows.map((row) => row['nom'])).toEqual(['Quán A', 'Quán B', 'Quán C'])
      expect(rows.map((row) => row['result_status'])).toEqual(['ok', 'ok', 'skipped'])
    })

    test('chosen columns, and a filter', async () => {
      const rows = await curl(
        'curl -X POST -F data=@search.csv -F columns=adresse -F columns=city -F postcode=postcode https://api-adresse.data.gouv.fr/search/csv/',
      )
      expect(rows[0]).toMatchObject({
        adresse: '14 Hàng Trống',
        latitude: '21.03135',
        longitude: '105.84942',
        result_label: '14 Hàng Trống, Phường Hoàn Kiếm, Thành phố Hà Nội',
        result_type: 'housenumber',
        result_status: 'ok',
      })
      expect(rows[1]).toMatchObject({ result_type: 'street', result_citycode: '26743' })
    })

    test('chosen result columns', async () => {
      const [row] = await curl(
        'curl -X POST -F data=@search.csv -F columns=adresse -F columns=city -F result_columns=latitude -F result_columns=longitude -F result_columns=result_citycode https://api-adresse.data.gouv.fr/search/csv/',
      )
      expect(Object.keys(row!)).toEqual([
        'nom',
        'adresse',
        'postcode',
        'city',
        'latitude',
        'longitude',
        'result_citycode',
      ])
    })

    test('points', async () => {
      const rows = await curl(
        'curl -X POST -F data=@reverse.csv https://api-adresse.data.gouv.fr/reverse/csv/',
      )
      expect(rows.map((row) => row['result_citycode'])).toEqual(['00070', '26743'])
      expect(rows[0]!['result_id']).toBe(service.api.ids[2])
    })

    test('one address', async () => {
      const { stdout } = await run('curl', [
        '-sS',
        `http://${service.host}/v1/search/?q=ben+thanh&limit=15&autocomplete=1`,
      ])
      expect(JSON.parse(stdout).features[0].properties.name).toBe('Phường Bến Thành')
    })

    test('an upload that is too large is refused in words', async () => {
      writeFileSync(join(folder, 'large.csv'), `q\n${'x'.repeat(99)}\n`.repeat(60_000))
      const out = join(folder, 'refusal.json')
      const { stdout } = await run(
        'curl',
        [
          '-sS',
          '-o',
          out,
          '-w',
          '%{http_code}',
          '-F',
          'data=@large.csv',
          `http://${service.host}/v1/search/csv/`,
        ],
        { cwd: folder },
      )
      expect([stdout, JSON.parse(readFileSync(out, 'utf8')).code]).toEqual(['413', 'body-too-large'])
    })

    test('a cut answer ends with an error', async () => {
      const failing = await openTestApi({
        atAddress: async () => {
          throw new Error('the disk is gone')
        },
      })
      const server = await startServer(failing.deps, 0, '127.0.0.1')
      const url = `http://localhost:${server.port}/v1/search/csv/`
      // 18: a file was only transferred in part.
      await expect(
        run(
          'curl',
          ['-sS', '-F', 'data=@search.csv', '-F', 'columns=adresse', '-F', 'postcode=postcode', url],
          {
            cwd: folder,
          },
        ),
      ).rejects.toMatchObject({ code: 18 })
      await server.close()
      await failing.close()
    })
  },
)
