import type { Command } from 'commander'
import { BoundaryFaults } from '../gazetteer/boundaries/faults.ts'
import { importBoundaries as putInPlace } from '../gazetteer/boundaries/import.ts'
import { dataDirectory } from '../gazetteer/directory.ts'
import { load } from '../gazetteer/load.ts'
import { Failure } from './exit.ts'

/** `import boundaries`: official boundaries in the place of the shipped ones. */
export function importBoundaries(program: Command): void {
  const group = program.commands.find((command) => command.name() === 'import') ?? program.command('import')
  group
    .description('put official data in the place of the shipped data')
    .command('boundaries')
    .description(
      'commune boundaries from a GeoJSON file (plain or .gz) whose features have the property "code"',
    )
    .argument('FILE')
    .action((file: string) => {
      try {
        const report = putInPlace(file, dataDirectory(), load().communes)
        console.log(JSON.stringify(report, null, 2))
      } catch (error) {
        if (error instanceof BoundaryFaults) throw new Failure(error.message)
        throw error
      }
    })
}
