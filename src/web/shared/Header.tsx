import type { ComponentChildren } from 'preact'
import { urlOf } from './api.ts'
import { chooseLanguage, language } from './language.ts'
import { shared } from './texts.ts'

const LINKS = [
  ['', 'lookup'],
  ['plates', 'plates'],
  ['docs', 'docs'],
] as const

/** The head of every page: the way past it, name, `children`, language. */
export function Head({ children }: { children: ComponentChildren }) {
  const other = language() === 'vi' ? 'en' : 'vi'
  return (
    <>
      {/* No link to #main: pages keep what they show behind the # of their address. */}
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        {shared('skip')}
      </button>
      <header class="head">
        <a class="brand" href={urlOf('').href}>
          Vpostcode
        </a>
        {children}
        <button type="button" class="quiet" lang={other} onClick={() => chooseLanguage(other)}>
          {shared('language')}
        </button>
      </header>
    </>
  )
}

/** The head with the pages that need no key. `current` is the path of this one. */
export const Header = ({ current }: { current: string }) => (
  <Head>
    <nav aria-label={shared('menu')}>
      {LINKS.map(([path, name]) => (
        <a key={path} href={urlOf(path).href} aria-current={path === current ? 'page' : undefined}>
          {shared(name)}
        </a>
      ))}
    </nav>
  </Head>
)
