// Makes the tables of units in seeds/ from the reference data. Run from the repository's root: npm run seeds
import { currentUnits } from './current.ts'
import { formerUnits } from './former.ts'
import { successions } from './successions.ts'
import { writeTable } from './table.ts'

const current = currentUnits()
writeTable('provinces', current.provinces, ['code'])
writeTable('communes', current.communes, ['code'])

const former = formerUnits()
writeTable('former-provinces', former.provinces, ['code'])
writeTable('former-districts', former.districts, ['code'])
writeTable('former-communes', former.communes, ['code'])
writeTable('successions', successions(), ['former_code', 'former_district_code', 'current_code'])
writeTable('earlier-communes', [], [])
writeTable('earlier-districts', [], [])
