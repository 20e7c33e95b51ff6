import type { Command } from 'commander'
import type { ReadReturned, Returned } from '../bulk/worklist/returned.ts'
import { load } from '../gazetteer/load.ts'
import { idsOf } from '../registry/id.ts'
import { openLife } from '../registry/life.ts'
import { osUser } from './actor.ts'
import { DONE_WITH_REJECTED } from './exit.ts'
import { asFailure, given } from './files.ts'
import { DB_OPTION, readSettings } from './settings.ts'
import { openBeside, openExisting } from './store.ts'
import { VERSION } from './version.ts'

/** A command `read FILE` below `group` for lists that people filled in on site. */
export function returnedSheet<Outcome extends string>(
  group: Command,
  texts: { description: string; file: string; actor: string },
  read: (options: ReadReturned) => Promise<Returned<Outcome>>,
  after: (counts: Returned<Outcome>) => void = () => {},
): Command {
  return group
    .command('read')
    .description(texts.description)
    .argument('FILE', texts.file)
    .option('--rejects <OUT>', 'where bad rows go, with the reason (default: FILE.rejects.csv)')
    .option('--actor <NAME>', `${texts.actor} (default: the user of the system)`)
    .option(...DB_OPTION)
    .action((file: string, _: unknown, command: Command) =>
      asFailure(async () => {
        // --db and --actor can stand at the group too.
        const options = command.optsWithGlobals<{ rejects?: string; actor?: string; db?: string }>()
        const rejects = given(options.rejects, '--rejects') ?? `${file}.rejects.csv`
        const actor = given(options.actor, '--actor') ?? osUser()
        const path = options.db ?? readSettings().db
        await (await openExisting(path)).close()
        const store = await openBeside(path)
        try {
          const gazetteer = load()
          const life = openLife({ store, gazetteer, engineVersion: VERSION })
          const ids = idsOf(store)
          const counts = await read({ store, life, ids, gazetteer, file, actor, rejects })
          console.log(JSON.stringify(counts))
          after(counts)
          if (counts.rejected) process.exitCode = DONE_WITH_REJECTED
        } finally {
          await store.close()
        }
      }),
    )
}
