import type { Command } from 'commander'
import { readTable } from '../bulk/table.ts'
import { load } from '../gazetteer/load.ts'
import { readTargets } from '../registry/coverage/targets.ts'
import { asFailure, sayRejected } from './files.ts'
import { DB_OPTION, readSettings } from './settings.ts'
import { openBeside } from './store.ts'

/** `import targets`: how many households each commune is expected to have. */
export function importTargets(program: Command): void {
  const group = program.commands.find((command) => command.name() === 'import') ?? program.command('import')
  group
    .command('targets')
    .description('how many households each commune is expected to have, for `coverage`')
    .argument('FILE', 'CSV: commune_code (of today), households; a commune loaded before is replaced')
    .option(...DB_OPTION)
    .action((file: string, { db }: { db?: string }) =>
      asFailure(async () => {
        const rows = readTable(file, ['commune_code', 'households'])
        const { targets, faults } = readTargets(rows, load())
        const store = await openBeside(db ?? readSettings().db)
        try {
          await store.transaction((tx) => tx.writeTargets(targets))
        } finally {
          await store.close()
        }
        const households = targets.reduce((sum, target) => sum + target.households, 0)
        console.log(JSON.stringify({ communes: targets.length, households, rejected: faults.length }))
        sayRejected(faults)
      }),
    )
}
