import { FAILED } from './exit.ts'

/**
 * For a process that another one started with `fork`: it ends when that one is gone, which may have been while this one
 * started. Call it before anything that takes a while to load is imported, so import that afterwards.
 */
export function leaveWithParent(): void {
  // Another server may wait for the database. Nothing acknowledged is lost by ending at once.
  const leave = () => process.exit(FAILED)
  process.on('disconnect', leave)
  // What was said to a parent that has just gone.
  process.on('error', leave)
  // A terminal and a service manager signal all processes at once: the one that started this one decides, while it is there.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (!process.connected) leave()
    })
  if (!process.connected) leave()
}
