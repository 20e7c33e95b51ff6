/** Vietnamese spelling: what can be a syllable, wherever its tone mark stands. */

const TONE = /[\u0300\u0301\u0303\u0309\u0323]/
const ACUTE_OR_DOT = /[\u0301\u0323]/
/** k for c and the clusters stand in names of the highlands (Đắk, Krông, Plei). */
const INITIAL =
  /^(?:ngh?|nh|ch|ghi?|gi|g|kh|kr|kl|ph|pl|pr|th|tr|qu|br|bl|dr|đr|cr|sr|[bcdđhklmnpqrstvxy](?=[aăâeêioôơuưy])|(?=[aăâeêioôơuưy]))/
const RHYMES = new Set(
  (
    'a ac ach ai ak am an ang anh ao ap at au ay ăc ăk ăm ăn ăng ăp ăt âc âk âm ân âng âp ât âu ây ' +
    'e ec ek em en eng eo ep et ê êch êk êm ên ênh êp êt êu ' +
    'i ia ich ik im in ing inh ip it iu iêc iêk iêm iên iêng iêp iêt iêu ' +
    'o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi ok om on ong oong op ot ' +
    'ô ôc ôi ôk ôm ôn ông ôp ôt ơ ơi ơk ơm ơn ơng ơp ơt ' +
    'u ua uc ui uk um un ung up ut uân uâng uât uây uê uên uêch uênh uêt uêu uôc uôi uôk uôm uôn uông uôp uôt ' +
    'uy uya uych uyên uyêt uyn uynh uyt uyu uyp ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu ' +
    'y yêm yên yêng yêt yêu ych ynh yn yt ym'
  ).split(' '),
)
const STOP = /(?:c|ch|k|p|t)$/

/**
 * Whether a word is spelled like a Vietnamese syllable, in any case, with its tone where one may stand ("hoà" and "hòa", not
 * "haò"). A Latin eth counts as đ: it looks like one.
 */
export function isSyllable(word: string): boolean {
  let answer = seen.get(word)
  if (answer === undefined) {
    answer = spelled(word)
    if (seen.size >= MOST_SEEN) seen.clear()
    seen.set(word, answer)
  }
  return answer
}

/** Words looked at before: texts are made of a few thousand. */
const seen = new Map<string, boolean>()
const MOST_SEEN = 10_000

function spelled(word: string): boolean {
  const marked = word.toLowerCase().replaceAll('ð', 'đ').normalize('NFD')
  const at = marked.search(TONE)
  const bare = (at < 0 ? marked : marked.slice(0, at) + marked.slice(at + 1)).normalize('NFC')
  const initial = INITIAL.exec(bare)?.[0]
  if (initial === undefined) return false
  let start = initial.length
  // "gì", "gìn", "giếng": the i of "gi" is the vowel too.
  if (!RHYMES.has(bare.slice(start)) && (initial === 'gi' || initial === 'ghi')) start--
  const rhyme = bare.slice(start)
  if (!RHYMES.has(rhyme) || (initial === 'qu' && /^[uưo]/.test(rhyme))) return false
  // Names of the highlands are written without tones too ("Đak").
  if (at < 0) return !STOP.test(rhyme) || rhyme.endsWith('k')
  if (STOP.test(rhyme) && !ACUTE_OR_DOT.test(marked[at]!)) return false
  const tonePlace = marked.slice(0, at).normalize('NFC').length - 1 - start
  return tonePlaces(rhyme).includes(tonePlace)
}

/** Where in a rhyme its tone may stand. */
function tonePlaces(rhyme: string): number[] {
  const vowels = /^[aăâeêioôơuưy]+/.exec(rhyme)![0]
  const quality = vowels.search(/[ăâêôơ]|ư(?!ơ)/)
  if (quality >= 0) return [quality]
  if (vowels.length === 1) return [0]
  if (vowels.length < rhyme.length || vowels.length === 3) return [1]
  return /^(?:oa|oe|uy)$/.test(vowels) ? [0, 1] : [0]
}
