import type { Command } from 'commander'
import { dataDirectory } from '../gazetteer/directory.ts'
import { load } from '../gazetteer/load.ts'
import { DataUnreadable } from '../gazetteer/sealed.ts'
import {
  type InstalledLayer,
  installedLayers,
  removeLayer,
  rollBack,
} from '../gazetteer/streetLayer/installed.ts'
import { Failure } from './exit.ts'
import { alone } from './layerLock.ts'

/** `layers`: the street layers in use, and ways back. */
export function layers(program: Command): void {
  const group = program
    .command('layers')
    .description('street layers: the shipped one and those that were imported')
  group
    .command('list', { isDefault: true })
    .description(
      'the layers in use, those asked first before the others, then those out of use; one JSON object a line',
    )
    .action(list)
  group
    .command('rollback')
    .description('go back to the version of a layer that was in use before, or to another that is kept')
    .argument('LAYER')
    .option('--to <VERSION>', 'a version that `layers` lists')
    .action((name: string, { to }: { to?: string }) => change(() => rollBack(dataDirectory(), name, to)))
  group
    .command('remove')
    .description('take an imported layer out of use and delete all its versions')
    .argument('LAYER')
    .action((name: string) => change(() => removeLayer(dataDirectory(), name)))
}

function list(): void {
  const installed = installedLayers(dataDirectory())
  for (const { head, version, counts } of load().streetLayers.layers) {
    const imported = installed.find(({ name, live }) => name === head.name && live === version)
    console.log(
      JSON.stringify({ ...head, version, ...counts, ...(imported ? keptOf(imported) : { shipped: true }) }),
    )
  }
  for (const layer of installed)
    if (layer.live === null)
      console.log(JSON.stringify({ name: layer.name, version: null, ...keptOf(layer) }))
}

const keptOf = ({ live, versions }: InstalledLayer) => ({
  installed: versions.find(({ version }) => version === live)?.installed ?? null,
  others: versions
    .filter(({ version }) => version !== live)
    .map(({ version, installed }) => ({ version, installed })),
})

/** Changes what is in use, and says how it is then. */
async function change(how: () => void): Promise<void> {
  try {
    await alone(dataDirectory(), how)
  } catch (error) {
    if (error instanceof RangeError) throw new Failure(error.message)
    throw error
  }
  try {
    list()
  } catch (error) {
    // It is done; that another layer is damaged is no fault of it.
    if (!(error instanceof DataUnreadable)) throw error
    console.error(`done, but ${error.message}`)
  }
}
