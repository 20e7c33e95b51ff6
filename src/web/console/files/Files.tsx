import { useEffect, useState } from 'preact/hooks'
import type { FilePreview, Job } from 'vpostcode/client'
import { Fault } from '../parts.tsx'
import { call } from '../session.ts'
import { text } from '../texts.ts'
import { useWork } from '../use.ts'
import { type Choices, Columns, mapOf } from './Columns.tsx'
import { DryRun } from './DryRun.tsx'
import { OwnJobs } from './OwnJobs.tsx'
import { Progress } from './Progress.tsx'

/** Of a text file so much is enough to see its columns; a workbook is sent whole. */
const HEAD_BYTES = 1_000_000
/** Rows of a try. */
const TRY = 1_000

/** A file from the desk to the registry: columns, try, load. `job`: one that was handed in before. */
export function Files({ job }: { job: number | null }) {
  return job === null ? <NewFile /> : <Progress key={job} id={job} />
}

function NewFile() {
  const [file, setFile] = useState<File | null>(null)
  const [look, setLook] = useState<FilePreview | null>(null)
  const [choices, setChoices] = useState<Choices>({})
  const [sheet, setSheet] = useState<string | null>(null)
  const [list, setList] = useState('')
  const [tried, setTried] = useState<Job | null>(null)
  const { busy, fault, run } = useWork()

  const fields = (more: Record<string, string>, header: readonly string[]) => {
    const form = new FormData()
    for (const [name, value] of Object.entries(more)) form.append(name, value)
    if (sheet !== null) form.append('sheet', sheet)
    for (const entry of mapOf(choices, header)) form.append('map', entry)
    return form
  }

  // Looks anew whenever file, sheet or columns change; the last look asked for counts.
  useEffect(() => {
    if (!file) return
    let current = true
    setTried(null)
    void run(async () => {
      const form = fields({ kind: 'assign' }, look?.header ?? [])
      form.append('file', await headOf(file), file.name)
      const found = await call<FilePreview>('/v1/preview', { form })
      if (current) setLook(found)
    })
    return () => {
      current = false
    }
  }, [file, choices, sheet])

  const choose = (chosen: File | undefined) => {
    if (!chosen) return
    setLook(null)
    setChoices({})
    setSheet(null)
    setTried(null)
    setList(chosen.name)
    setFile(chosen)
  }

  const dryRun = () =>
    run(async () => {
      const named = { kind: 'geocode', rows: String(TRY), format: 'ndjson', ...(list && { list }) }
      const form = fields(tried ? { ...named, from: String(tried.id) } : named, look!.header)
      if (!tried) form.append('file', file!, file!.name)
      setTried(await call<Job>('/v1/jobs', { form }))
    })

  const load = () =>
    run(async () => {
      const form = fields({ kind: 'assign', from: String(tried!.id), ...(list && { list }) }, look!.header)
      const job = await call<Job>('/v1/jobs', { form })
      // The try has done its work: its copy of the file goes at once.
      await call(`/v1/jobs/${tried!.id}`, { method: 'DELETE' }).catch(() => {})
      location.hash = `#/files/${job.id}`
    })

  return (
    <div class="stack">
      <h1>{text('at_files')}</h1>
      <Drop onFile={choose} name={file?.name ?? null} />
      <Fault>{fault}</Fault>
      {busy && !look && (
        <p class="soft" role="status">
          {text('looking')}
        </p>
      )}
      {look && (
        <>
          <Columns look={look} choices={choices} onChoices={setChoices} sheet={sheet} onSheet={setSheet} />
          <div class="row">
            <label class="field grow">
              {text('list')}
              <input value={list} maxLength={200} onInput={(event) => setList(event.currentTarget.value)} />
              <span class="soft small">{text('listHint')}</span>
            </label>
            <button
              type="button"
              class={tried ? '' : 'main'}
              disabled={busy || look.fault !== null}
              onClick={() => void dryRun()}
            >
              {text('dryRun')}
            </button>
          </div>
        </>
      )}
      {tried && <DryRun key={tried.id} job={tried} busy={busy} onLoad={() => void load()} />}
      {!file && <OwnJobs />}
    </div>
  )
}

/** The first lines of a text file; of a workbook (its bytes begin with PK or the mark of old office files) all of it. */
async function headOf(file: File): Promise<Blob> {
  const [a, b] = new Uint8Array(await file.slice(0, 2).arrayBuffer())
  const workbook = (a === 0x50 && b === 0x4b) || (a === 0xd0 && b === 0xcf)
  return workbook || file.size <= HEAD_BYTES ? file : file.slice(0, HEAD_BYTES)
}

function Drop({ onFile, name }: { onFile: (file: File | undefined) => void; name: string | null }) {
  const [over, setOver] = useState(false)
  return (
    <label
      class={over ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        onFile(event.dataTransfer?.files[0])
      }}
    >
      <strong>{name ?? text('drop')}</strong>
      <span class="soft">{text(name ? 'dropOther' : 'dropHint')}</span>
      <input
        class="hidden"
        type="file"
        accept=".csv,.tsv,.txt,.xlsx,.xls"
        aria-label={text('chooseFile')}
        onChange={(event) => onFile(event.currentTarget.files?.[0])}
      />
    </label>
  )
}
