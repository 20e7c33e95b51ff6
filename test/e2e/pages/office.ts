import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createKey } from '../../../src/access/manage.ts'
import { readWish } from '../../../src/access/wish.ts'
import { openKeys } from '../../../src/store/sqlite/open.ts'
import { gazetteer } from '../../api/support.ts'
import { startService } from '../service.ts'
import type { Host } from './support.ts'

/** The built service with jobs at work, and keys for the desk. */
export interface Office extends Host {
  /** Two clerks of the whole country, one of Ho Chi Minh City, an administrator. */
  keys: Record<'lan' | 'mai' | 'saigon' | 'chief', string>
  /** Asks the API as one of them. */
  ask(
    who: keyof Office['keys'],
    method: string,
    path: string,
    body?: object,
    ifMatch?: string,
  ): Promise<Response>
}

const WHO = {
  lan: { role: 'staff', scope: ['all'] },
  mai: { role: 'staff', scope: ['all'] },
  saigon: { role: 'staff', scope: ['79'] },
  chief: { role: 'admin', scope: [] },
} as const

export async function openOffice(): Promise<Office> {
  const service = await startService()
  const store = openKeys(join(service.folder, 'e2e.db'))
  const keys = {} as Office['keys']
  for (const [name, { role, scope }] of Object.entries(WHO)) {
    const wish = readWish({ role, name, scope, origins: [] }, gazetteer, Date.now())
    keys[name as keyof typeof WHO] = (await createKey(store, wish, Date.now(), 'test')).text
  }
  await store.close()
  const origin = service.url.replace('localhost', '127.0.0.1')
  // Servers follow new keys within a second.
  for (const key of Object.values(keys))
    while ((await fetch(`${origin}/v1/ping`, { headers: { 'X-Api-Key': key } })).status !== 200)
      await setTimeout(50)
  return {
    origin,
    keys,
    ask: (who, method, path, body, ifMatch) =>
      fetch(origin + path, {
        method,
        headers: {
          'X-Api-Key': keys[who],
          'Content-Type': 'application/json',
          ...(ifMatch ? { 'If-Match': ifMatch } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      }),
    stop: service.stop,
  }
}
