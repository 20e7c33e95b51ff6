import { ChangeRefused, REFUSALS, type RefusalCode } from '../../registry/life/refused.ts'
import { Problem, type ProblemCode } from '../problems.ts'
import type { Context } from '../route.ts'
import { reaches } from './scope.ts'

/** Refusals that are problems of their own, and those that sending something else mends; all others depend on the registry. */
const PROBLEM_OF: Partial<Record<RefusalCode, ProblemCode>> = {
  'changed-meanwhile': 'changed-meanwhile',
  'outside-scope': 'outside-scope',
  'observed-just-now': 'observed-just-now',
  'address-in-doubt': 'unusable-change',
  'bad-point': 'unusable-change',
  'point-far-from-commune': 'unusable-change',
  'bad-external-id': 'unusable-change',
  'same-household': 'unusable-change',
  'too-few-parts': 'unusable-change',
  'reason-missing': 'unusable-change',
}
const MOST_NAMED = 20

/** Carries out a change; what the registry refuses becomes a problem that names the households in the way. */
export async function refusing<T>(change: Promise<T>, { households, caller }: Context): Promise<T> {
  try {
    return await change
  } catch (error) {
    if (!(error instanceof ChangeRefused)) throw error
    const problem = PROBLEM_OF[error.code] ?? 'refused'
    if (problem === error.code) throw new Problem(problem)
    const named: string[] = []
    for (const n of error.households.slice(0, MOST_NAMED)) {
      const household = await households.household(households.ids.idOf(n))
      if (household && reaches(caller, household)) named.push(household.id)
    }
    throw new Problem(problem, {
      detail: REFUSALS[error.code],
      members: {
        refusal: error.code,
        ...(error.reasons.length > 0 ? { reasons: error.reasons } : {}),
        ...(named.length > 0 ? { households: named } : {}),
      },
    })
  }
}
