interface Schema {
  allOf?: Schema[]
  $ref?: string
  properties?: Record<string, Schema>
  required?: string[]
  [key: string]: unknown
}

/**
 * A schema that extends a named one is written as `allOf` of both; as ours allow no other fields than their own, nothing
 * would ever fit. Puts the two into one, everywhere in a document.
 */
export function mergeExtended<T extends { components?: { schemas?: object } }>(document: T): T {
  const named = (document.components?.schemas ?? {}) as Record<string, Schema>
  const settle = (schema: Schema): Schema => {
    const whole = schema.$ref ? named[schema.$ref.split('/').pop()!]! : schema
    if (!whole.allOf || whole.allOf.length < 2) return whole
    const parts = whole.allOf.map(settle)
    const { allOf, ...own } = whole
    return {
      ...Object.assign({}, ...parts),
      ...own,
      properties: Object.assign({}, ...parts.map(({ properties }) => properties), own.properties),
      required: [...new Set([...parts.flatMap(({ required = [] }) => required), ...(own.required ?? [])])],
    }
  }
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit)
    if (typeof value !== 'object' || value === null) return value
    const schema = value as Schema
    const extended = schema.allOf?.some(({ properties }) => properties) && schema.allOf.length > 1
    return Object.fromEntries(
      Object.entries(extended ? settle(schema) : schema).map(([key, inside]) => [
        key,
        // Answers are data, not schemas.
        key === 'examples' || key === 'example' ? inside : visit(inside),
      ]),
    )
  }
  return withoutUnused(visit(document) as T)
}

/** Named schemas that were only extended are named by nothing any more. */
function withoutUnused<T extends { components?: { schemas?: object } }>(document: T): T {
  const text = JSON.stringify(document)
  const schemas = document.components?.schemas
  const used = Object.entries(schemas ?? {}).filter(([name]) =>
    text.includes(`"#/components/schemas/${name}"`),
  )
  return schemas
    ? { ...document, components: { ...document.components, schemas: Object.fromEntries(used) } }
    : document
}
