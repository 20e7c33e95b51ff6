import { userInfo } from 'node:os'

/** The user of the operating system, for events whose actor is not given. */
export function osUser(): string {
  try {
    return userInfo().username
  } catch {
    return 'system'
  }
}
