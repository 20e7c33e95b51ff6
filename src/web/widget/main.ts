import { VpostcodeAddress } from './element.ts'

const NAME = 'vpostcode-address'
const script =
  (document.currentScript as HTMLScriptElement | null) ??
  document.querySelector<HTMLScriptElement>('script[src*="/widget"]')

// Without these the fields stay the plain ones that they are.
const able = 'attachInternals' in HTMLElement.prototype && 'adoptedStyleSheets' in Document.prototype
if (able && !customElements.get(NAME)) {
  VpostcodeAddress.base = new URL('.', script?.src ?? document.baseURI).href
  customElements.define(NAME, VpostcodeAddress)
}
