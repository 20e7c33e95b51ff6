import type { RegistryTransaction, StoreWriter } from './store.ts'

/**
 * A read-only copy of a registry elsewhere. Its households bear the ids of that one, so ids are kept beside n instead of being
 * made from a secret. Only who keeps the copy in step writes.
 */
export interface CopyStore extends Pick<StoreWriter, 'households' | 'count' | 'close'> {
  /** What was noted with the last transaction; null for a copy that was just made. */
  state(): string | null
  /** Like `transaction` of a store: rows and `setState` are committed together. */
  transaction<T>(work: (tx: CopyTransaction) => Promise<T>): Promise<T>
}

export interface CopyTransaction extends Pick<RegistryTransaction, 'households' | 'write'> {
  /** The n of an id; one that is new gets its own, also before there is a household. */
  nOf(id: string): number
  setState(text: string): void
}
