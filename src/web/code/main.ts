import '../shared/tokens.css'
import '../shared/base.css'
import './code.css'
import { language, rememberLanguage } from '../shared/language.ts'

/** Everything to read stands in the page already: this adds what needs a script. */
const find = (id: string) => document.getElementById(id)
const code = find('code')?.dataset['code'] ?? ''

// The page comes in Vietnamese unless its address says otherwise.
if (!location.search && language() === 'en') location.replace('?lang=en')
const other = find('language')
other?.addEventListener('click', () => rememberLanguage(other.lang === 'en' ? 'en' : 'vi'))

function offer(id: string, act: (button: HTMLElement) => Promise<void>): void {
  const button = find(id)
  if (!button) return
  button.hidden = false
  button.addEventListener('click', () => act(button))
}
const tell = (text = '') => {
  find('told')!.textContent = text
}
const copy = async (text: string, button: HTMLElement) => {
  await navigator.clipboard.writeText(text)
  tell(button.dataset['done'])
}
if (navigator.clipboard) offer('copy', (button) => copy(code, button))
if (navigator.clipboard || navigator.share)
  offer('share', async (button) => {
    const url = location.href.replace(/[?#].*/, '')
    if (!navigator.share) return copy(url, button)
    // Who closes the list of apps shares nothing.
    await navigator.share({ title: document.title, url }).catch(() => {})
  })
offer('open-map', async (button) => {
  const [lat, lon] = [Number(button.dataset['lat']), Number(button.dataset['lon'])]
  const place = find('map')!
  place.classList.add('open')
  button.hidden = true
  try {
    const { addMarker, openMap } = await import('../shared/map/map.ts')
    addMarker(await openMap(place, { at: { lat, lon, zoom: 17 } }), { lat, lon })
  } catch {
    place.classList.remove('open')
    tell(button.dataset['failed'])
  }
})

// From now on this code opens without a network too.
if ('serviceWorker' in navigator && code) keep()

async function keep(): Promise<void> {
  await navigator.serviceWorker.register('sw.js')
  const loaded = performance.getEntriesByType('resource').map(({ name }) => name)
  const image = document.querySelector('details img') as HTMLImageElement | null
  const { active } = await navigator.serviceWorker.ready
  active?.postMessage([location.href, ...loaded, ...(image ? [image.src] : [])])
}
