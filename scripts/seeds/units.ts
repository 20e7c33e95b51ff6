// Makes the tables of units in seeds/ from the reference data. Run from the repository's root: npm run seeds
import { communes2019 } from './communes2019.ts'
import { currentUnits } from './current.ts'
import { earlierCommunes } from './earlierCommunes.ts'
import { earlierDistricts } from './earlierDistricts.ts'
import { formerUnits } from './former.ts'
import { addSpellings } from './spellings.ts'
import { successions } from './successions.ts'
import { writeTable } from './table.ts'
import { trails } from './trails.ts'

const current = currentUnits()
writeTable('provinces', current.provinces, ['code'])
writeTable('communes', current.communes, ['code'])

const former = formerUnits()
const communes = communes2019()
const went = trails(communes, former)
addSpellings(former, communes, went)
const earlier = earlierCommunes(communes, former, went)
writeTable('former-provinces', former.provinces, ['code'])
writeTable('former-districts', former.districts, ['code'])
writeTable('former-communes', former.communes, ['code'])
writeTable('successions', successions(), ['former_code', 'former_district_code', 'current_code'])
writeTable('earlier-communes', earlier, ['province_code', 'code', 'district_name', 'name'])
writeTable('earlier-districts', earlierDistricts(communes, former, went), ['province_code', 'name', 'type'])
