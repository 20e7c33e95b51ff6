import { isHouseholdId } from '../../registry/id.ts'
import { z } from '../params.ts'
import { Problem, type Text } from '../problems.ts'

const plain = (text: string) => text.replace(/[\s-]+/g, '')

/** The id of a path. */
export const idParams = z.strictObject({
  id: z
    .string()
    .max(40)
    .openapi({ description: 'Twelve digits; blanks and hyphens are passed over', example: '482910573625' }),
})

/** The id of a path as it is stored. Throws a Problem when it can be none. */
export function readId({ id: text }: { id: string }): string {
  const id = plain(text)
  const fault = idFault(id)
  if (fault) throw new Problem('mistyped-household-id', { faults: [{ in: 'path', name: 'id', text: fault }] })
  return id
}

/** The id of another household in a body. */
export const otherId = z
  .string()
  .max(40)
  .transform((text, context) => {
    const id = plain(text)
    const fault = idFault(id)
    if (!fault) return id
    context.addIssue({ code: 'custom', params: fault })
    return z.NEVER
  })
  .openapi({ type: 'string', example: '482910573625' })

function idFault(id: string): Text | null {
  if (!/^\d{12}$/.test(id)) return { en: 'must be twelve digits', vi: 'phải gồm mười hai chữ số' }
  if (!isHouseholdId(id)) return { en: 'has a mistyped digit', vi: 'có chữ số gõ sai' }
  return null
}
