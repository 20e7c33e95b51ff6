import type { Request, Response } from 'express'
import { aboutLabel, labelOf } from '../locate/place.ts'
import { type ResolvedCode, resolveCode } from '../locate/resolve.ts'
import { reverse } from '../locate/reverse.ts'
import { convertCurrentCode } from '../match/convertCode.ts'
import { MISTYPED } from '../vpostcode/mistyped.ts'
import { formatVpostcode } from '../vpostcode/vpostcode.ts'
import { escapeHtml } from './html.ts'
import type { Language } from './problems.ts'
import type { Deps } from './route.ts'

const TEXTS = {
  title: ['{code} · Vpostcode', '{code} · Vpostcode'],
  description: [
    '{place}. Bản đồ và chỉ đường đến mã Vpostcode {code}.',
    '{place}. Map and directions to the Vpostcode {code}.',
  ],
  wrong: ['Mã này không chỉ nơi nào', 'This code names no place'],
  meant: ['Có phải bạn muốn nhập:', 'Did you mean:'],
  superseded: ['Mã này đã được thay bằng mã mới:', 'This code was replaced by a new one:'],
  ended: [
    'Mã này không còn dùng. Đây là vị trí trước đây của mã.',
    'This code is no longer in use. This is where it was.',
  ],
  reissued: [
    'Mã bưu chính ở đầu mã đã đổi. Mã hiện nay:',
    'The postcode at its head was changed. The code of today:',
  ],
  unregistered: ['Chưa có hộ nào đăng ký tại đây.', 'No household is registered here.'],
  near: ['Gần {label} ({metres} m)', 'Near {label} ({metres} m)'],
  former: ['Trước 7/2025', 'Before July 2025'],
  formerOneOf: ['Trước 7/2025, một trong', 'Before July 2025, one of'],
  homes: [
    '{n} hộ có chung mã này: hỏi thêm số căn hộ, số tầng.',
    '{n} households share this code: ask for the flat or floor.',
  ],
  way: ['Chỉ đường', 'Directions'],
  toAccess: ['Đến đầu ngõ hoặc cổng', 'To the alley mouth or gate'],
  toDoor: ['Đến tận cửa', 'To the door'],
  copy: ['Chép mã', 'Copy code'],
  share: ['Chia sẻ', 'Share'],
  done: ['Đã chép', 'Copied'],
  map: ['Mở bản đồ', 'Open the map'],
  noMap: ['Không mở được bản đồ trên thiết bị này.', 'The map cannot be shown on this device.'],
  qr: ['Mã QR', 'QR code'],
  plate: ['In biển số nhà', 'Print a house plate'],
  postcode: ['Mã bưu chính', 'Postcode'],
  units: ['Xã, phường', 'Commune'],
  plusCode: ['Plus code', 'Plus code'],
  coordinates: ['Toạ độ', 'Coordinates'],
  other: ['Tra cứu mã hoặc địa chỉ khác', 'Look up another code or address'],
  language: ['English', 'Tiếng Việt'],
} as const

/** Where each part of the page goes in src/web/code.html. */
export interface CodeParts {
  head: string
  body: string
}

/** What the page of a code says: for chat apps in its head, for people in its body. Every text is escaped. */
export async function codeParts(
  deps: Deps,
  code: string,
  language: Language,
  origin: string | null,
): Promise<CodeParts> {
  const found = await resolveCode(deps, code)
  const index = language === 'vi' ? 0 : 1
  const text = (key: keyof typeof TEXTS, values: Record<string, string | number> = {}) =>
    escapeHtml(TEXTS[key][index].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name])))
  const name = found.formatted ?? code
  const place = [found.commune?.fullName, found.province?.fullName].filter(Boolean).join(', ')
  const title = text('title', { code: name })
  const isPlace = found.lat !== null
  const description = isPlace ? text('description', { place, code: name }) : text('wrong')
  const image = isPlace && origin ? `${origin}/v/${found.vpostcode}/qr.png` : null
  return {
    head: [
      `<title>${title}</title>`,
      `<meta name="description" content="${description}">`,
      '<meta property="og:type" content="website">',
      '<meta property="og:site_name" content="Vpostcode">',
      `<meta property="og:title" content="${title}">`,
      `<meta property="og:description" content="${description}">`,
      ...(image
        ? [
            `<meta property="og:image" content="${escapeHtml(image)}">`,
            '<meta name="twitter:card" content="summary">',
          ]
        : []),
    ].join('\n'),
    body: [
      `<h1 class="code" id="code" data-code="${escapeHtml(found.vpostcode ?? '')}">${grouped(name)}</h1>`,
      ...(place ? [`<p class="place">${escapeHtml(place)}</p>`] : []),
      ...stateOf(found, index, text),
      ...(isPlace ? await placeLines(deps, found, text) : []),
      `<p class="foot"><a href="../">${text('other')}</a> <a href="?lang=${language === 'vi' ? 'en' : 'vi'}" lang="${language === 'vi' ? 'en' : 'vi'}" id="language">${text('language')}</a></p>`,
    ].join('\n'),
  }
}

type Say = (key: keyof typeof TEXTS, values?: Record<string, string | number>) => string

const grouped = (name: string) =>
  name
    .split(' ')
    .map((group) => `<span>${escapeHtml(group)}</span>`)
    .join(' ')

const codeLinks = (codes: readonly string[]) =>
  `<p class="codes">${codes.map((code) => `<a class="button" href="${escapeHtml(code)}">${escapeHtml(formatVpostcode(code))}</a>`).join(' ')}</p>`

/** What has to be said before the place: mistyped, replaced, shared by several homes. */
function stateOf(found: ResolvedCode, index: 0 | 1, text: Say): string[] {
  const { status, reason, suggestions, superseded, reissued, households } = found
  const notice = (line: string, bad = '') => `<p class="notice${bad}">${line}</p>`
  const listed =
    suggestions.length > 0
      ? [`<p>${text('meant')}</p>`, codeLinks(suggestions.map(({ vpostcode }) => vpostcode))]
      : []
  if (status === 'mistyped')
    return [
      notice(escapeHtml(MISTYPED[reason ?? 'wrong-length'][index]), ' bad'),
      ...reissuedLines(),
      ...listed,
    ]
  if (status === 'superseded') {
    const now = superseded.find(({ current }) => current)?.current
    return now ? [notice(text('superseded')), codeLinks([now])] : [notice(text('ended'))]
  }
  if (status === 'unregistered')
    return [...(reissued.length > 0 ? reissuedLines() : [notice(text('unregistered'))]), ...listed]
  return households.length > 1 ? [notice(text('homes', { n: households.length }))] : []

  function reissuedLines(): string[] {
    return reissued.length > 0
      ? [notice(text('reissued')), codeLinks(reissued.map(({ vpostcode }) => vpostcode))]
      : []
  }
}

/** Former units that are shown, nearest first. */
const MOST_FORMER = 3
/** Metres in which something is looked for that the place is near to. */
const NEAR = 100

/** What stands near a place where nobody is registered; null when nothing is known within `NEAR`. */
async function nearLine(deps: Deps, lat: number, lon: number, text: Say): Promise<string | null> {
  const [near] = (await reverse(deps, lat, lon, NEAR, 1)).found
  if (!near) return null
  const label = near.estimate ? aboutLabel(near.place, near.estimate) : labelOf(near.place)
  return text('near', { label, metres: Math.round(near.metres) })
}

/** The units before July 2025 in which the place lay, or may have lain. */
function formerNames({ gazetteer }: Deps, { commune, lat, lon }: ResolvedCode): string[] {
  const read = commune && convertCurrentCode(commune.code, gazetteer, { lat: lat!, lon: lon! })
  if (!read) return []
  const units = read.former ? [read.former] : read.formerCandidates
  return units
    .slice(0, MOST_FORMER)
    .map(({ commune, district, province }) =>
      [commune, district, province].flatMap((unit) => unit?.fullName ?? []).join(', '),
    )
}

async function placeLines(deps: Deps, found: ResolvedCode, text: Say): Promise<string[]> {
  const { households } = deps
  const { lat, lon, plusCode, postcode, vpostcode, superseded } = found
  const now = superseded.find(({ current }) => current)?.current ?? vpostcode!
  const [home] = await households.atCode(now, 1)
  const door = { lat: lat!, lon: lon! }
  const access = home?.access
  const near = home ? null : await nearLine(deps, door.lat, door.lon, text)
  const formers = formerNames(deps, found)
  const fact = (name: keyof typeof TEXTS, value: string | null) =>
    value ? `<div><dt>${text(name)}</dt><dd>${escapeHtml(value)}</dd></div>` : ''
  return [
    ...(near ? [`<p class="near">${near}</p>`] : []),
    `<section aria-label="${text('way')}">`,
    ...(access
      ? [`<h2>${text('toAccess')}</h2>`, directions(access), `<h2>${text('toDoor')}</h2>`, directions(door)]
      : [`<h2>${text('way')}</h2>`, directions(door)]),
    '</section>',
    '<p class="actions" id="actions">',
    `<button type="button" id="copy" hidden data-done="${text('done')}">${text('copy')}</button>`,
    `<button type="button" id="share" hidden data-done="${text('done')}">${text('share')}</button>`,
    `<button type="button" id="open-map" hidden data-failed="${text('noMap')}" data-lat="${door.lat}" data-lon="${door.lon}">${text('map')}</button>`,
    `<a class="button" href="../plates#${now}">${text('plate')}</a>`,
    '<span role="status" id="told"></span></p>',
    '<div id="map"></div>',
    '<dl>',
    fact('postcode', postcode),
    ...(formers.length > 0
      ? [
          `<div><dt>${text(formers.length > 1 ? 'formerOneOf' : 'former')}</dt><dd>${formers.map(escapeHtml).join('<br>')}</dd></div>`,
        ]
      : []),
    fact('plusCode', plusCode),
    fact('coordinates', `${door.lat.toFixed(6)}, ${door.lon.toFixed(6)}`),
    '</dl>',
    `<details><summary>${text('qr')}</summary><img src="../v1/vpostcodes/${now}/qr.svg?size=240" alt="${text('qr')} ${formatVpostcode(now)}" width="240" height="240" loading="lazy"></details>`,
  ]
}

/** Links that the usual map apps take over on phones, and their sites elsewhere. */
function directions({ lat, lon }: { lat: number; lon: number }): string {
  const to = `${lat},${lon}`
  const apps = [
    ['Google Maps', `https://www.google.com/maps/dir/?api=1&destination=${to}`],
    ['Apple Maps', `https://maps.apple.com/?daddr=${to}`],
    ['OpenStreetMap', `https://www.openstreetmap.org/directions?route=;${to}#map=17/${lat}/${lon}`],
  ]
  const links = apps.map(
    ([name, url]) => `<a class="button" rel="noreferrer" href="${escapeHtml(url!)}">${name}</a>`,
  )
  return `<p class="ways">${links.join(' ')}</p>`
}

/** The image that chat apps show beside the link: the QR code of the place. */
export async function sendImage(deps: Deps, req: Request, res: Response): Promise<boolean> {
  const { geo } = await resolveCode(deps, String(req.params['code']))
  if (geo === null) return false
  const { default: qrcode } = await import('qrcode')
  const png = await qrcode.toBuffer(geo, { errorCorrectionLevel: 'M', margin: 4, width: 480 })
  res.setHeader('Cache-Control', 'public, max-age=86400')
  res.type('png').end(png)
  return true
}
