import { VpostcodeAddress } from './element.ts'

const NAME = 'vpostcode-address'
// A module has no current script.
const script =
  (document.currentScript as HTMLScriptElement | null) ??
  [...document.scripts].find(({ src }) => /\/widget(-\w+)?\.js(\?|$)/.test(src))

// Without these the fields stay the plain ones that they are.
const able = 'attachInternals' in HTMLElement.prototype && 'adoptedStyleSheets' in Document.prototype
if (able && !customElements.get(NAME)) {
  VpostcodeAddress.base = new URL('.', script?.src ?? document.baseURI).href
  customElements.define(NAME, VpostcodeAddress)
}
