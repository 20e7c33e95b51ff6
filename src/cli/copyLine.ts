import { readState } from '../bulk/subscribe/state.ts'

/** What `status` says of a copy. */
export function copyLine(text: string): string {
  const state = readState(text)
  if (!state) return 'copy of a registry elsewhere: nothing is there yet'
  const { source, province, set, loading, heard } = state
  const what = `copy of ${source}${province === null ? '' : `, province ${province}`}`
  if (loading) return `${what}: set ${set} is being loaded, ${loading.communes} communes are there`
  const at = new Date(heard.at).toISOString()
  return `${what}: ${heard.behind} changes and ${Math.round(heard.seconds)} s behind at ${at}`
}
