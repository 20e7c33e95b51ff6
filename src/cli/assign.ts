import type { Command } from 'commander'
import { type FileJobFlags, fileCommand, withFileOptions } from './fileJob.ts'

const FILE = 'CSV or other delimited text in any encoding of Vietnamese, XLSX or XLS'
const LIST = "the list that the rows belong to, the same across loads (default: the file's name)"
const RESULT =
  '\nA run that was stopped or killed goes on where it was when the same command is given again.' +
  '\nThe result has all columns of FILE and then: status, household_id, vpostcode, ... (docs/files.md).'

/** `assign`: a file of households into the registry, with a result file beside it. */
export function assign(program: Command): void {
  const command = program
    .command('assign')
    .description('register the households of a file and write each row with its Vpostcode to a result file')
    .argument('FILE', FILE)
  withFileOptions(command)
    .option('--list <NAME>', LIST)
    .option(
      '--duplicates',
      'when the result is complete, look through the communes of its rows as `duplicates` does; what is found waits in `review list`',
    )
    .addHelpText('after', `${RESULT}\nAgainst a database that is being served, the server does the work.`)
    .action((file: string, flags: FileJobFlags) => fileCommand('assign', file, flags))
}

/** `geocode`: what `assign` would answer, without registering. */
export function geocode(program: Command): void {
  const command = program
    .command('geocode')
    .description('answer each row of a file as assign would, without registering anything')
    .argument('FILE', FILE)
  withFileOptions(command)
    .option('--list <NAME>', LIST)
    .addHelpText('after', `${RESULT}\nHouseholds that are not registered have no household_id.`)
    .action((file: string, flags: FileJobFlags) => fileCommand('geocode', file, flags))
}

/** `reverse`: points to households. */
export function reverse(program: Command): void {
  const command = program
    .command('reverse')
    .description(
      'answer the point of each row of a file with the nearest household within 100 m, else street, hamlet and commune',
    )
    .argument('FILE', `${FILE}; with coordinates`)
  withFileOptions(command)
    .addHelpText('after', RESULT)
    .action((file: string, flags: FileJobFlags) => fileCommand('reverse', file, flags))
}
