import type { RegistryTransaction, StoreWriter } from './store.ts'

/**
 * A read-only copy of a registry elsewhere. Its households bear the ids of that one, so ids are kept beside n instead of being
 * made from a secret. Only who keeps the copy in step writes.
 */
export interface CopyStore extends Pick<StoreWriter, 'households' | 'count' | 'close'> {
  /** What was noted with the last transaction; empty for a copy that was just made. */
  state(): string
  /** Like `transaction` of a store: rows and `setState` are committed together. */
  transaction<T>(work: (tx: CopyTransaction) => Promise<T>): Promise<T>
}

export interface CopyTransaction extends Pick<RegistryTransaction, 'households' | 'write'> {
  /** The n of an id; one that is new gets its own, also before there is a household. */
  nOf(id: string): number
  /** The n of an id, null when it has none. */
  knownN(id: string): number | null
  setState(text: string): void
}

/** Where a copy is kept, with room for one that is loaded anew while the old one answers. */
export interface CopyPlace {
  open(): CopyStore
  /** The copy that is loaded anew: made when it is not there, empty, with the n that ids have in the old one. */
  openAnew(): Promise<CopyStore>
  dropAnew(): void
  /** Puts all of the new copy in the place of the old one, at once for those who read, and drops it. Both must be closed. */
  takeOver(): Promise<void>
}
