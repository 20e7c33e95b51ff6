import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { FAILED } from './exit.ts'
import { asFailure, given, untilSignal } from './files.ts'
import { publishFolder } from './publishFolder.ts'
import { publishTo } from './publishing.ts'
import { DB_OPTION, readSettings } from './settings.ts'
import { openExisting } from './store.ts'

/** `publish`: the registry as files for others, by commune, with what changed since the set before. */
export function publish(program: Command): void {
  program
    .command('publish')
    .description('write the registry as it is now, and what changed since the last time, to files by commune')
    .option('--at <DIR>', 'folder of the sets (default: VPOSTCODE_PUBLISH, else DB-published)')
    .option(...DB_OPTION)
    .addHelpText(
      'after',
      '\nA server offers the sets of its folder under /v1/publications (docs/publish.md).',
    )
    .action(async ({ at, db = readSettings().db }: { at?: string; db?: string }) => {
      await (await openExisting(db)).close()
      const folder = given(at, '--at') ? resolve(at!) : publishFolder(db)
      const started = performance.now()
      const published = await untilSignal(({ onProgress, stop }) =>
        asFailure(() =>
          publishTo(db, folder, {
            stop,
            onProgress: (done, total) => onProgress({ rows: done, bytes: done, bytesTotal: total }),
          }),
        ),
      )
      if (!published) {
        console.error('stopped: nothing of it is left, the sets before are as they were')
        process.exitCode = FAILED
        return
      }
      const { name, manifest, dropped } = published
      for (const old of dropped) console.error(`removed after its time: ${join(folder, old)}`)
      const { households, snapshot, bytes, changes } = manifest
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      console.error(
        `${households} households in ${snapshot.length} communes, ${(bytes / 1e6).toFixed(1)} MB in ${seconds} s`,
      )
      console.error(
        changes
          ? `${changes.rows} changes since ${changes.since}`
          : 'the first set: there is nothing before it',
      )
      console.log(join(folder, name))
    })
}
