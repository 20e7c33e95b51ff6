import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { lineOf } from '../bulk/cells.ts'
import { load } from '../gazetteer/load.ts'
import { type ScanProgress, scan } from '../registry/doubts/scan.ts'
import { idsOf } from '../registry/id.ts'
import type { StoreReader } from '../registry/store.ts'
import { FAILED } from './exit.ts'
import { given, untilSignal } from './files.ts'
import { placesOf, readPlace } from './places.ts'
import { DB_OPTION, readSettings } from './settings.ts'
import { openWriter } from './store.ts'

interface Options {
  province?: string
  commune?: string
  output?: string
  db?: string
}

/** Pairs that a file is given; the rest stays in the queue. */
const MOST_WRITTEN = 1_000_000

/** `duplicates`: looks through the registry for what a person should decide. */
export function duplicates(program: Command): void {
  program
    .command('duplicates')
    .description(
      "look for households that are likely one home, and for houses far from their street's numbering; what is found waits in `review list`",
    )
    .option('--province <CODE>', 'only this province (two-digit code or name)')
    .option('--commune <CODE>', 'only this commune (five-digit code)')
    .option('-o, --output <OUT>', 'also write what waits to a CSV file')
    .option(...DB_OPTION)
    .addHelpText(
      'after',
      '\nNothing is merged and no code changes. One commune is one step: when stopped, what was looked through stays.',
    )
    .action(async (options: Options) => {
      const place = readPlace(options, load())
      const output = given(options.output, '--output')
      const store = await openWriter(options.db ?? readSettings().db)
      try {
        const finished = await untilSignal(async ({ onProgress, stop }) => {
          const from = performance.now()
          const places = await placesOf(store, place)
          let last: ScanProgress = { communes: 0, households: 0, found: { duplicate: 0, numbering: 0 } }
          for await (const step of scan(store, places, load())) {
            last = step
            onProgress({ rows: step.households, bytes: step.communes, bytesTotal: places.length })
            await new Promise(setImmediate)
            if (await stop()) break
          }
          const seconds = Math.round((performance.now() - from) / 100) / 10
          const finished = last.communes === places.length
          console.log(JSON.stringify({ finished, ...last, seconds }, null, 2))
          return finished
        })
        if (output !== undefined) await writePairs(store, place, output)
        if (!finished) process.exitCode = FAILED
      } finally {
        await store.close()
      }
    })
}

async function writePairs(
  store: StoreReader,
  place: ReturnType<typeof readPlace>,
  output: string,
): Promise<void> {
  const ids = idsOf(store)
  const where = place && { provinceCode: place.province.code, communeCode: place.commune?.code ?? null }
  const lines = ['kind,score,reason,metres,household_id,address,other_id,other_address\n']
  for (const { kind, n, other, score, reason, metres } of await store.doubts(where, MOST_WRITTEN)) {
    const [one, two] = await store.households(other === null ? [n] : [n, other])
    const cells = [kind, String(score), reason, metres === null ? '' : String(metres), ids.idOf(n), one!.text]
    lines.push(`${lineOf([...cells, two ? ids.idOf(two.n) : '', two?.text ?? ''], ',')}\n`)
  }
  writeFileSync(output, lines.join(''))
}
