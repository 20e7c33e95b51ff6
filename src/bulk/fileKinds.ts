/** What can be done with the rows of a file. */
export const FILE_KINDS = ['assign', 'geocode', 'reverse', 'convert'] as const
export type FileKind = (typeof FILE_KINDS)[number]

export const isFileKind = (kind: string): kind is FileKind => FILE_KINDS.includes(kind as FileKind)

/** `assign`, and `geocode`, which answers what it would: the registry finds or makes a household for each row. */
export const findsHouseholds = (kind: string): boolean => kind === 'assign' || kind === 'geocode'
