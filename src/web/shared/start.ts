import './tokens.css'
import './base.css'
import { type ComponentChild, render } from 'preact'
import { language } from './language.ts'

/** Shows a page in the element `page` of its html. */
export function start(page: ComponentChild, title: string): void {
  document.documentElement.lang = language()
  document.title = title
  const place = document.getElementById('page')!
  place.replaceChildren()
  render(page, place)
}
