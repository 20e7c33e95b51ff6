import { setTimeout } from 'node:timers/promises'
import { lagOf } from '../../bulk/subscribe/state.ts'
import { z } from '../params.ts'
import { Problem } from '../problems.ts'
import { defineRoute } from '../route.ts'
import { time } from '../schemas.ts'

export const healthz = defineRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'health',
  access: 'open',
  tag: 'operations',
  summary: 'Is the process alive?',
  answer: z.strictObject({ status: z.literal('ok') }),
  problems: [],
  examples: [{}],
  handle: () => ({ status: 'ok' as const }),
})

/** Milliseconds that the database has to answer. */
const PATIENCE = 2_000

/** Whether it comes, and in time. */
const comes = (answer: Promise<unknown>): Promise<boolean> =>
  Promise.race([
    answer.then(
      () => true,
      () => false,
    ),
    setTimeout(PATIENCE, false, { ref: false }),
  ])

export const readyz = defineRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'ready',
  access: 'open',
  tag: 'operations',
  summary: 'Can it answer, and with which data?',
  answer: z.strictObject({
    status: z.literal('ready'),
    engineVersion: z.string(),
    gazetteer: z.strictObject({ version: z.string(), communes: z.int(), formerCommunes: z.int() }),
    boundaries: z.strictObject({ version: z.string(), use: z.enum(['shipped', 'imported']) }),
    database: z.strictObject({ schema: z.int() }),
    crosswalks: z
      .array(
        z.strictObject({
          scheme: z.string(),
          asOf: z.string().nullable().openapi({ description: "The date of the scheme's list" }),
          loadedAt: time,
        }),
      )
      .openapi({ description: "Carriers' numbers of units that the operator has loaded" }),
    copy: z
      .strictObject({
        heardAt: time.openapi({ description: 'When its source was heard last' }),
        changes: z.int().openapi({ description: 'That the source had more then' }),
        seconds: z
          .int()
          .openapi({ description: 'What happened there earlier than so many seconds ago is here' }),
      })
      .optional()
      .openapi({ description: 'Of a copy of a registry elsewhere: how far it is behind' }),
  }),
  problems: ['not-ready'],
  examples: [{}],
  async handle(_input, { gazetteer, crosswalks, settings, alive, copy, req }) {
    if (req.app.locals['stopping'] || !(await comes(alive()))) throw new Problem('not-ready')
    const { version, communes, formerCommunes, boundaries } = gazetteer
    const lag = copy && lagOf(copy(), Date.now())
    return {
      status: 'ready' as const,
      engineVersion: settings.version,
      gazetteer: { version, communes: communes.length, formerCommunes: formerCommunes.length },
      boundaries: { version: boundaries.version, use: boundaries.use },
      database: { schema: settings.schema },
      crosswalks: crosswalks.schemes.map(({ scheme, asOf, loadedAt }) => ({
        scheme,
        asOf,
        loadedAt: new Date(loadedAt).toISOString(),
      })),
      ...(lag && {
        copy: {
          heardAt: new Date(lag.heardAt).toISOString(),
          changes: lag.changes,
          seconds: Math.round(lag.seconds),
        },
      }),
    }
  },
})
