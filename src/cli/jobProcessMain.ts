import { leaveWithParent } from './leaveWithParent.ts'

/** The process that does the jobs of a server; `startJobProcess` starts it. Loading what it needs takes a while: see there. */
leaveWithParent()
await import('./jobProcessWork.ts')
