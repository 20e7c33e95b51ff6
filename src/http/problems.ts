import type { Request, Response } from 'express'

/** Every way in which an answer can be refused: one table, by status, so that clients can rely on `code` for good. */
export const PROBLEMS = {
  'bad-request': { status: 400, en: 'The request cannot be read', vi: 'Không đọc được yêu cầu' },
  'malformed-url': {
    status: 400,
    en: 'The URL is not valid percent-encoded UTF-8',
    vi: 'URL không phải UTF-8 mã hoá phần trăm hợp lệ',
  },
  'unknown-parameter': { status: 400, en: 'Unknown parameter', vi: 'Tham số không tồn tại' },
  'missing-parameter': { status: 400, en: 'A parameter is missing', vi: 'Thiếu tham số' },
  'bad-parameter': { status: 400, en: 'A parameter has a wrong value', vi: 'Tham số có giá trị sai' },
  'bad-json': { status: 400, en: 'The body is not valid JSON', vi: 'Nội dung không phải JSON hợp lệ' },
  'bad-cursor': {
    status: 400,
    en: 'This cursor is none of this list',
    vi: 'Con trỏ này không thuộc danh sách này',
  },
  'mistyped-household-id': {
    status: 400,
    en: 'This cannot be a household id',
    vi: 'Mã hộ không hợp lệ',
  },
  'key-needed': { status: 401, en: 'This needs a key', vi: 'Cần có khoá truy cập' },
  'unknown-key': {
    status: 401,
    en: 'The key is not known, or no longer valid',
    vi: 'Khoá không tồn tại hoặc không còn hiệu lực',
  },
  'not-allowed': { status: 403, en: 'The key does not allow this', vi: 'Khoá không cho phép việc này' },
  'origin-not-allowed': {
    status: 403,
    en: 'The key is bound to other pages than this one',
    vi: 'Khoá dành cho trang web khác',
  },
  'outside-scope': {
    status: 403,
    en: 'This lies outside the communes of the key',
    vi: 'Nằm ngoài các xã, phường của khoá',
  },
  'read-only-copy': {
    status: 403,
    en: 'This server has a copy of the registry: changes are made at its source',
    vi: 'Máy chủ này chỉ có bản sao của sổ đăng ký hộ: mọi thay đổi thực hiện ở nguồn',
  },
  'unknown-route': {
    status: 404,
    en: 'There is no such address in this API',
    vi: 'API không có đường dẫn này',
  },
  'not-in-a-batch': {
    status: 404,
    en: 'This cannot be asked for in a batch',
    vi: 'Không thể yêu cầu việc này trong một lô',
  },
  'unknown-unit': { status: 404, en: 'No unit has this code', vi: 'Không có đơn vị hành chính mang mã này' },
  'mistyped-vpostcode': {
    status: 404,
    en: 'The Vpostcode names no place',
    vi: 'Vpostcode không chỉ tới địa điểm nào',
  },
  'unknown-boundary': {
    status: 404,
    en: 'The boundary of this former unit is not known: communes of today cross it',
    vi: 'Không có ranh giới của đơn vị cũ này: có xã, phường hiện nay nằm vắt qua',
  },
  'unknown-postcode': {
    status: 404,
    en: 'No commune or province has this postcode',
    vi: 'Không có xã, phường hay tỉnh mang mã bưu chính này',
  },
  'unknown-household': { status: 404, en: 'No household has this id', vi: 'Không có hộ mang mã này' },
  'unknown-key-number': {
    status: 404,
    en: 'There is no key of this number',
    vi: 'Không có khoá mang số này',
  },
  'unknown-publication': {
    status: 404,
    en: 'No such set or file is published, or no longer',
    vi: 'Không có bộ dữ liệu hay tệp này, hoặc đã bị gỡ',
  },
  'unknown-job': {
    status: 404,
    en: 'You have no job with this number',
    vi: 'Bạn không có tác vụ nào mang số này',
  },
  'outside-coverage': {
    status: 404,
    en: 'The point lies in no commune of Viet Nam',
    vi: 'Điểm không nằm trong xã, phường nào của Việt Nam',
  },
  'method-not-allowed': {
    status: 405,
    en: 'The method is not allowed here',
    vi: 'Phương thức không được phép ở đây',
  },
  'request-timeout': { status: 408, en: 'The request came too slowly', vi: 'Yêu cầu đến quá chậm' },
  refused: {
    status: 409,
    en: 'The rules of the registry do not allow this change',
    vi: 'Quy tắc của sổ đăng ký hộ không cho phép thay đổi này',
  },
  'key-refused': {
    status: 409,
    en: 'The keys that there are do not allow it',
    vi: 'Các khoá hiện có không cho phép việc này',
  },
  'job-state': {
    status: 409,
    en: 'The job is not in a state that allows this',
    vi: 'Trạng thái của tác vụ không cho phép thao tác này',
  },
  'job-not-done': {
    status: 409,
    en: 'The job is not done: there is no result yet',
    vi: 'Tác vụ chưa xong: chưa có kết quả',
  },
  'no-file': {
    status: 410,
    en: 'There is no such file, or it was removed',
    vi: 'Không có tệp này, hoặc tệp đã bị xoá',
  },
  'changed-meanwhile': {
    status: 412,
    en: 'The household is no longer as it was read',
    vi: 'Hộ không còn như lúc đọc',
  },
  'input-too-long': { status: 413, en: 'The text is too long', vi: 'Văn bản quá dài' },
  'body-too-large': { status: 413, en: 'The body is too large', vi: 'Nội dung quá lớn' },
  'url-too-long': { status: 414, en: 'The URL is too long', vi: 'URL quá dài' },
  'unsupported-media-type': {
    status: 415,
    en: 'The body has a type that is not read here',
    vi: 'Không hỗ trợ kiểu nội dung này ở đây',
  },
  'range-not-satisfiable': {
    status: 416,
    en: 'The file has no such range',
    vi: 'Tệp không có đoạn này',
  },
  'unusable-address': {
    status: 422,
    en: 'The address cannot be registered',
    vi: 'Không đăng ký được địa chỉ này',
  },
  'unusable-key': {
    status: 422,
    en: 'Such a key cannot be made',
    vi: 'Không tạo được khoá như vậy',
  },
  'unusable-change': {
    status: 422,
    en: 'The change cannot be carried out as it was sent',
    vi: 'Không thực hiện được thay đổi như đã gửi',
  },
  'unreadable-file': {
    status: 422,
    en: 'The file cannot be read as a table',
    vi: 'Không đọc được tệp dưới dạng bảng',
  },
  'unusable-columns': {
    status: 422,
    en: 'The columns of the file are not understood',
    vi: 'Không nhận ra các cột của tệp',
  },
  'precondition-required': {
    status: 428,
    en: 'A change needs If-Match with the ETag of the household',
    vi: 'Thay đổi cần If-Match kèm ETag của hộ',
  },
  'observed-just-now': {
    status: 429,
    en: 'The same key told of this household in the last ten seconds',
    vi: 'Khoá này đã báo về hộ này trong mười giây qua',
  },
  'too-many-at-once': {
    status: 429,
    en: 'Too many files under way, open streams or unfinished jobs of one client',
    vi: 'Một máy khách có quá nhiều tệp đang xử lý, luồng đang mở hoặc tác vụ chưa xong',
  },
  'too-many-requests': {
    status: 429,
    en: 'Too many requests: the quota of this minute is used up',
    vi: 'Quá nhiều yêu cầu: đã dùng hết hạn mức của phút này',
  },
  'headers-too-large': { status: 431, en: 'The headers are too large', vi: 'Các header của yêu cầu quá lớn' },
  'server-error': { status: 500, en: 'The server failed', vi: 'Máy chủ gặp lỗi' },
  busy: {
    status: 503,
    en: 'The registry is busy: try again',
    vi: 'Sổ đăng ký hộ đang bận: hãy thử lại',
  },
  'batch-full': {
    status: 503,
    en: 'The batch took too long or its answers grew too large: ask for this again',
    vi: 'Lô yêu cầu quá lâu hoặc kết quả quá lớn: hãy gửi lại yêu cầu này',
  },
  'too-many-files': {
    status: 503,
    en: 'The server has too many files at work: try again',
    vi: 'Máy chủ đang xử lý quá nhiều tệp: hãy thử lại',
  },
  'not-ready': { status: 503, en: 'The server is not ready', vi: 'Máy chủ chưa sẵn sàng' },
  'no-space': { status: 507, en: 'There is no room for the file', vi: 'Không còn chỗ chứa tệp' },
} as const satisfies Record<string, { status: number; en: string; vi: string }>

export type ProblemCode = keyof typeof PROBLEMS
export type Language = 'en' | 'vi'
/** One sentence in both languages. */
export type Text = Record<Language, string>

/** What is wrong with one value: `in` = where it stood, `name` = the parameter or the path in the body. */
export interface Fault {
  in: 'path' | 'query' | 'body'
  name: string
  text: Text
}

/** What a refused change tells beside: codes of the registry, ids of the households that stand in the way. */
export interface RefusalMembers {
  refusal?: string
  reasons?: readonly string[]
  households?: readonly string[]
}

/** Thrown by handlers; becomes the answer. `detail` and faults never repeat what the client sent but names. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly faults: Fault[]
  readonly detail: Text | undefined
  readonly members: RefusalMembers
  constructor(
    code: ProblemCode,
    options: { detail?: Text; faults?: Fault[]; members?: RefusalMembers } = {},
  ) {
    super(code)
    this.code = code
    this.faults = options.faults ?? []
    this.detail = options.detail
    this.members = options.members ?? {}
  }
}

/** A value that has to be there and is not. */
export const missing = (place: Fault['in'], name: string): Problem =>
  new Problem('missing-parameter', {
    faults: [{ in: place, name, text: { en: 'is missing', vi: 'bị thiếu' } }],
  })

/** The members of RFC 9457, then `code`, `requestId`, what a refused change tells, and for wrong values `errors`. */
export function problemBody(problem: Problem, language: Language, requestId: string | null) {
  const { status, [language]: title } = PROBLEMS[problem.code]
  const errors = problem.faults.map(({ in: place, name, text }) => ({
    in: place,
    name,
    message: text[language],
  }))
  return {
    type: `urn:vpostcode:problem:${problem.code}`,
    title,
    status,
    ...(problem.detail ? { detail: problem.detail[language] } : {}),
    code: problem.code,
    requestId,
    ...problem.members,
    ...(errors.length > 0 ? { errors } : {}),
  }
}

type CodeOf<Status extends number> = {
  [Code in ProblemCode]: (typeof PROBLEMS)[Code]['status'] extends Status ? Code : never
}[ProblemCode]

/** Seconds after which the same request can be carried out. The quota tells its own. */
const RETRY_AFTER: Record<Exclude<CodeOf<429 | 503>, 'too-many-requests'>, number> = {
  busy: 5,
  'batch-full': 5,
  'too-many-files': 5,
  'not-ready': 5,
  'too-many-at-once': 5,
  'observed-just-now': 10,
}

/** Says when to ask again, where a code tells. */
export function setRetryAfter(res: Response, code: ProblemCode): void {
  const wait = (RETRY_AFTER as Partial<Record<ProblemCode, number>>)[code]
  if (wait !== undefined) res.set('Retry-After', String(wait))
}

/** Answers with the problem; the connection stays usable. */
export function sendProblem(req: Request, res: Response, problem: Problem): void {
  const language = languageOf(req)
  req.problem = problem.code
  res.status(PROBLEMS[problem.code].status)
  res.set('Content-Language', language)
  res.vary('Accept-Language')
  setRetryAfter(res, problem.code)
  res.setHeader('Content-Type', 'application/problem+json; charset=utf-8')
  res.end(JSON.stringify(problemBody(problem, language, String(req.id))))
}

/** Vietnamese when the client prefers it, else English. */
export function languageOf(req: Request): Language {
  const wished = req.headers['accept-language']
  if (wished === undefined) return 'en'
  let language = LANGUAGES.get(wished)
  if (!language) {
    language = req.acceptsLanguages('en', 'vi') === 'vi' ? 'vi' : 'en'
    if (LANGUAGES.size < MOST_WISHES && wished.length < 100) LANGUAGES.set(wished, language)
  }
  return language
}

/** What was answered to a header before: browsers send a few. */
const LANGUAGES = new Map<string, Language>()
const MOST_WISHES = 1_000
