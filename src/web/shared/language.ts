export type Language = 'vi' | 'en'

/** One text in Vietnamese and English. `{name}` stands for a value. */
export type Text = readonly [vi: string, en: string]

const STORED = 'language'

/** The language of the page: the one chosen before, else Vietnamese. */
export function language(): Language {
  try {
    return localStorage.getItem(STORED) === 'en' ? 'en' : 'vi'
  } catch {
    // Storage is closed to this page: Vietnamese.
    return 'vi'
  }
}

export function rememberLanguage(chosen: Language): void {
  try {
    localStorage.setItem(STORED, chosen)
  } catch {
    // Storage is closed to this page: the choice holds for nothing.
  }
}

/** Remembers the choice and opens the page anew in it: every text changes at once. */
export function chooseLanguage(chosen: Language): void {
  rememberLanguage(chosen)
  location.reload()
}

/** Makes the function that gives the texts of a table in a language (that of the page by default), values put in. */
export function textsOf<K extends string>(table: Record<K, Text>, chosen = language()) {
  const index = chosen === 'vi' ? 0 : 1
  return (key: K, values: Record<string, string | number> = {}): string =>
    table[key][index].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}
