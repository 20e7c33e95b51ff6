import { leaveWithParent } from './leaveWithParent.ts'

/** One of the processes that answer HTTP; `httpProcesses.ts` starts it. Loading what it needs takes a while: see there. */
leaveWithParent()
await import('./httpWork.ts')
