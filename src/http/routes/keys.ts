import { ROLES } from '../../access/caller.ts'
import {
  createKey,
  KEY_STATES,
  KeyRefused,
  LONGEST_OVERLAP,
  OVERLAP,
  revokeKey,
  rotateKey,
  stateOf,
} from '../../access/manage.ts'
import { KEY_EVENTS, type StoredKey } from '../../access/store.ts'
import { viewKey, viewKeyEvent } from '../../access/view.ts'
import { BadWish, readWish } from '../../access/wish.ts'
import { numberParam, z } from '../params.ts'
import { Problem, type ProblemCode } from '../problems.ts'
import { type Context, defineRoute, type Route } from '../route.ts'
import { time } from '../schemas.ts'

const HOUR = 3_600_000
/** Events of one answer. */
const MOST_EVENTS = 500

const TAG = 'keys'
const texts = z.array(z.string())
const role = z.enum(ROLES)
/** An administrator's key is made on the server itself: over HTTP a stolen one could make itself sisters that stay. */
const madeHere = role.exclude(['admin'])

const about = {
  role,
  name: z.string().openapi({ description: 'Stands as actor in events' }),
  scope: texts.nullable().openapi({ description: 'Of a staff key; null = the whole country' }),
  origins: texts.openapi({ description: 'Of a browser key' }),
  perMinute: z.int(),
  expiresAt: time.nullable(),
}
const key = z
  .strictObject({
    id: z.int(),
    prefix: z.string().openapi({ description: 'How the key begins' }),
    ...about,
    state: z.enum(KEY_STATES),
    createdAt: time,
    revokedAt: time.nullable(),
    replacedBy: z.int().nullable(),
    usedOn: z.string().nullable().openapi({ description: 'The last day of use' }),
  })
  .openapi('Key')
const madeKey = z
  .strictObject({ key, secret: z.string().openapi({ description: 'The key itself: told this once' }) })
  .openapi('MadeKey')

/** Does something to keys; what cannot be becomes a problem. */
async function managing<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof BadWish)
      throw new Problem('unusable-key', { detail: { en: error.message, vi: error.vi } })
    if (error instanceof KeyRefused)
      throw new Problem('key-refused', { detail: { en: error.message, vi: error.vi } })
    throw error
  }
}

async function requireKey(id: number, { keyStore }: Context): Promise<StoredKey> {
  const found = (await keyStore.keys()).find((one) => one.id === id)
  if (!found) throw new Problem('unknown-key-number')
  return found
}

const noSecretsKept = ({ res }: Context) => res.set('Cache-Control', 'no-store')

const listKeysRoute = defineRoute({
  method: 'get',
  path: '/v1/keys',
  operationId: 'listKeys',
  access: 'manage',
  tag: TAG,
  summary: 'All keys there ever were, without their secrets',
  answer: z.strictObject({ keys: z.array(key) }),
  problems: [],
  examples: [{}],
  async handle(_input, { keyStore }) {
    const now = Date.now()
    return { keys: (await keyStore.keys()).map((one) => viewKey(one, now)) }
  },
})

const createKeyRoute = defineRoute({
  method: 'post',
  path: '/v1/keys',
  operationId: 'createKey',
  access: 'manage',
  tag: TAG,
  summary: 'Make a key: the answer has it, this once',
  description: "An administrator's key is made with the command `keys create` only.",
  body: z.strictObject({
    role: madeHere,
    name: z.string().max(100).openapi({ description: 'Whose it is; stands as actor in events' }),
    scope: z
      .array(z.string().max(5))
      .max(4_000)
      .optional()
      .openapi({ description: 'Staff keys: codes of provinces and communes of today, or `all` alone' }),
    origins: z.array(z.string().max(300)).max(20).optional().openapi({ description: 'Browser keys' }),
    perMinute: z
      .int()
      .min(1)
      .optional()
      .openapi({ description: 'Requests a minute; by role when not given' }),
    expires: z.string().max(10).optional().openapi({ description: 'The last day on which it is valid' }),
  }),
  bodyBytes: 64 * 1024,
  answer: madeKey,
  status: 201,
  problems: ['unusable-key', 'key-refused', 'busy'],
  examples: [{ body: { role: 'staff', name: 'Lan', scope: ['01'] } }],
  handle: ({ body: { role, name, scope = [], origins = [], perMinute, expires } }, context) =>
    managing(async () => {
      const { keyStore, gazetteer, caller } = context
      const wish = {
        role,
        name,
        scope,
        origins,
        expires,
        ...(perMinute === undefined ? {} : { perMinute: String(perMinute) }),
      }
      const now = Date.now()
      const made = await createKey(keyStore, readWish(wish, gazetteer, now), now, caller.name!)
      noSecretsKept(context)
      context.res.set('Location', '/v1/keys')
      return { key: viewKey(made.key, Date.now()), secret: made.text }
    }),
})

const params = z.strictObject({
  id: z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .openapi({ description: 'Number of the key', example: '1' }),
})
const CHANGE_PROBLEMS: ProblemCode[] = ['bad-parameter', 'unknown-key-number', 'key-refused', 'busy']

const rotateKeyRoute = defineRoute({
  method: 'post',
  path: '/v1/keys/{id}/rotate',
  operationId: 'rotateKey',
  access: 'manage',
  tag: TAG,
  summary: 'Make a new secret for a key; the old one stays valid for a while',
  params,
  body: z.strictObject({
    overlap: z
      .number()
      .min(0)
      .max(LONGEST_OVERLAP)
      .optional()
      .openapi({ description: `Hours for which the old one stays valid; ${OVERLAP} when not given` }),
  }),
  answer: madeKey,
  status: 201,
  problems: CHANGE_PROBLEMS,
  examples: [{ params: { id: '1' }, body: { overlap: 24 } }],
  handle: ({ params, body: { overlap = OVERLAP } }, context) =>
    managing(async () => {
      const { keyStore, caller } = context
      const id = Number(params.id)
      const { role } = await requireKey(id, context)
      if (role === 'admin')
        throw new KeyRefused(
          "an administrator's key is made and rotated on the server itself: keys rotate",
          'khoá quản trị chỉ được tạo và đổi ngay trên máy chủ: keys rotate',
        )
      const made = await rotateKey(keyStore, id, overlap * HOUR, Date.now(), caller.name!)
      noSecretsKept(context)
      context.res.set('Location', '/v1/keys')
      return { key: viewKey(made.key, Date.now()), secret: made.text }
    }),
})

const revokeKeyRoute = defineRoute({
  method: 'post',
  path: '/v1/keys/{id}/revoke',
  operationId: 'revokeKey',
  access: 'manage',
  tag: TAG,
  summary: 'Refuse a key from now on, for good',
  description:
    'The last key of an administrator stays: without one nobody could manage keys here. The command `keys revoke` takes it.',
  params,
  answer: key,
  problems: CHANGE_PROBLEMS,
  examples: [{ params: { id: '1' } }],
  async handle({ params }, context) {
    const id = Number(params.id)
    const found = await requireKey(id, context)
    return managing(async () => {
      const now = Date.now()
      if (found.role === 'admin') await requireAnother(found, now, context)
      return viewKey(await revokeKey(context.keyStore, id, now, context.caller.name!), now)
    })
  },
})

/** Throws KeyRefused when no other administrator's key would stay. */
async function requireAnother({ id }: StoredKey, now: number, { keyStore }: Context): Promise<void> {
  const all = await keyStore.keys()
  const valid = all.filter((key) => key.role === 'admin' && stateOf(key, now) === 'valid')
  if (valid.length === 1 && valid[0]!.id === id)
    throw new KeyRefused(
      'it is the last key of an administrator: make another one first, or revoke it on the server itself: keys revoke',
      'đây là khoá quản trị cuối cùng: hãy tạo khoá khác trước, hoặc thu hồi ngay trên máy chủ: keys revoke',
    )
}

const keyEventsRoute = defineRoute({
  method: 'get',
  path: '/v1/keys/events',
  operationId: 'listKeyEvents',
  access: 'manage',
  tag: TAG,
  summary: 'The audit log of keys: what was done to which, when and by whom',
  query: z.strictObject({
    after: numberParam({ min: 0, max: 999_999_999, integer: true })
      .optional()
      .openapi({ description: 'Only what came behind this event; 0 when not given' }),
  }),
  answer: z.strictObject({
    events: z.array(
      z
        .strictObject({
          number: z.int().openapi({ description: '1, 2, 3, ... without gaps' }),
          at: time,
          kind: z.enum(KEY_EVENTS),
          actor: z.string(),
          key: z.int(),
          ...about,
          replaces: z.strictObject({ key: z.int(), until: time }).nullable(),
        })
        .openapi('KeyEvent'),
    ),
    more: z.boolean().openapi({ description: 'Ask again behind the last one' }),
  }),
  problems: ['unknown-parameter', 'bad-parameter'],
  examples: [{}],
  async handle({ query: { after = 0 } }, { keyStore }) {
    const found = await keyStore.keyEvents(after)
    return { events: found.slice(0, MOST_EVENTS).map(viewKeyEvent), more: found.length > MOST_EVENTS }
  },
})

/** What `keys` does on the server, for administrators. */
export const keyRoutes: readonly Route[] = [
  listKeysRoute,
  createKeyRoute,
  keyEventsRoute,
  rotateKeyRoute,
  revokeKeyRoute,
]
