/**
 * Colours come from custom properties, else from the two schemes that the page allows (`color-scheme`): a page that is always
 * light gets no dark box. Text on its ground has at least 4.5 : 1.
 */
const COLOURS: Record<string, [light: string, dark: string]> = {
  text: ['#16201c', '#e9efec'],
  soft: ['#51605a', '#a9b8b1'],
  surface: ['#ffffff', '#18201d'],
  raised: ['#e2f2ec', '#16352a'],
  line: ['#c3ccc7', '#3f4d47'],
  accent: ['#00664b', '#5fd0a8'],
  warn: ['#8a4b00', '#f3bd6c'],
  bad: ['#a3201b', '#ff9c94'],
  focus: ['#1558d6', '#8db8ff'],
}
const colours = (value: (light: string, dark: string) => string) =>
  Object.entries(COLOURS)
    .map(([name, [light, dark]]) => `--_${name}: var(--vpostcode-${name}, ${value(light, dark)});`)
    .join('')

/** In the shadow tree. */
export const SHADOW = `
:host { display: block; position: relative; ${colours((light) => light)} }
@supports (color: light-dark(#000, #fff)) { :host { ${colours((light, dark) => `light-dark(${light}, ${dark})`)} } }
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; margin: 0; }
[part=popup] { position: absolute; z-index: var(--vpostcode-layer, 1000); display: flex; flex-direction: column;
  color: var(--_text); background: var(--_surface); border: 1px solid var(--_line);
  border-radius: var(--vpostcode-radius, 8px); box-shadow: 0 2px 4px rgb(0 0 0 / 10%), 0 8px 24px rgb(0 0 0 / 14%); }
[part=notice] { padding: 6px 12px; font-size: .75rem; line-height: 1.4; color: var(--_soft); border-top: 1px solid var(--_line); }
[part=result], [part=question] { margin-top: .75rem; padding: .75rem 1rem; color: var(--_text); background: var(--_surface);
  border: 1px solid var(--_line); border-radius: var(--vpostcode-radius, 8px); line-height: 1.5; overflow-wrap: anywhere; min-width: 0; }
[part=result] { border-inline-start: 4px solid var(--_accent); }
[part=result][data-verdict=doubtful] { border-inline-start-color: var(--_warn); }
[part=heading] { font-size: .875rem; font-weight: 600; color: var(--_accent); }
[data-verdict=doubtful] [part=heading] { color: var(--_warn); }
[part=address] { font-weight: 600; }
[part=former], [part=code], [part=missing] { font-size: .875rem; color: var(--_soft); }
[part=code] b { font-family: ui-monospace, Menlo, Consolas, monospace; color: var(--_text); white-space: nowrap; }
[part=undo] { display: block; margin-bottom: -.5rem; padding: .5rem 0; min-height: 2.75rem; border: 0; background: none; font: inherit;
  font-size: .875rem; color: var(--_accent); text-decoration: underline; cursor: pointer; }
[part=legend] { padding: 0; font-weight: 600; float: left; width: 100%; }
[part=legend] + * { clear: both; }
[part=choice] { display: flex; gap: .75rem; align-items: center; min-height: 2.75rem; padding: .375rem 0; cursor: pointer; }
[part=choice] + [part=choice] { border-top: 1px solid var(--_line); }
[part=radio] { flex: none; width: 1.25rem; height: 1.25rem; accent-color: var(--_accent); }
[part=question][data-demanded] { border-color: var(--_bad); }
[part=error] { color: var(--_bad); font-weight: 600; }
[part=error]:empty { display: none; }
:focus-visible { outline: 3px solid var(--_focus); outline-offset: 2px; }
[part=status] { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`

/**
 * In the tree of the page, where the list has to be. Fields that the widget made have rules of no weight: any rule of the page
 * is stronger.
 */
const PAGE = `
vpostcode-list { display: block; min-height: 0; padding: 4px; overflow-y: auto; overscroll-behavior: contain; }
vpostcode-option { display: block; padding: 8px; min-height: 48px; line-height: 1.4; border-radius: 6px; cursor: pointer;
  text-align: start; color: var(--_text); overflow-wrap: anywhere; }
vpostcode-option > * { display: block; font-size: 1rem; font-weight: 600; color: inherit; }
vpostcode-option > span { font-size: .875rem; font-weight: 400; color: var(--_soft); }
vpostcode-option:hover, vpostcode-option[aria-selected=true] { background: var(--_raised); }
vpostcode-option[aria-selected=true] { outline: 2px solid var(--_accent); outline-offset: -2px; }
:where(vpostcode-fields) { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr)); gap: .75rem; }
:where(vpostcode-fields label) { display: grid; gap: .25rem; }
:where(vpostcode-fields label:first-child) { grid-column: 1 / -1; }
:where(vpostcode-fields input) { box-sizing: border-box; width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit;
  font-size: max(1rem, 16px); color: var(--_text); background: var(--_surface); border: 1px solid #7c8a84; border-radius: var(--vpostcode-radius, 8px); }
`

const made = new Map<string, CSSStyleSheet>()
const adopted = new WeakSet<Document | ShadowRoot>()

/** As a sheet of the browser, not an element: a page that allows no inline styles allows it. */
export function sheetOf(css: string): CSSStyleSheet {
  let sheet = made.get(css)
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    made.set(css, sheet)
  }
  return sheet
}

/** Gives the tree that an element stands in the rules of the list. */
export function adoptPage(root: Node): void {
  if (!(root instanceof Document || root instanceof ShadowRoot) || adopted.has(root)) return
  adopted.add(root)
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheetOf(PAGE)]
}
