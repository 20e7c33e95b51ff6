/** "Phường Bến Thành, Thành phố Hồ Chí Minh": units from the smallest on, those that are not known left out. */
export const unitsLine = (...units: ({ fullName: string } | null | undefined)[]): string =>
  units.flatMap((unit) => unit?.fullName || []).join(', ')
