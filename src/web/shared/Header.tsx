import { urlOf } from './api.ts'
import { chooseLanguage, language } from './language.ts'
import { shared } from './texts.ts'

const LINKS = [
  ['', 'lookup'],
  ['plates', 'plates'],
  ['docs', 'docs'],
] as const

/** The head of every page: name, the other pages, language. `current` is the path of this one. */
export function Header({ current }: { current: string }) {
  const other = language() === 'vi' ? 'en' : 'vi'
  return (
    <>
      <a class="skip" href="#main">
        {shared('skip')}
      </a>
      <header class="head">
        <a class="brand" href={urlOf('').href}>
          Vpostcode
        </a>
        <nav aria-label={shared('menu')}>
          {LINKS.map(([path, name]) => (
            <a key={path} href={urlOf(path).href} aria-current={path === current ? 'page' : undefined}>
              {shared(name)}
            </a>
          ))}
        </nav>
        <button type="button" class="quiet" lang={other} onClick={() => chooseLanguage(other)}>
          {shared('language')}
        </button>
      </header>
    </>
  )
}
